package org.apache.heron.web;

import java.nio.charset.StandardCharsets;

/** How a server writes the message of an error into the body of its answer. Thread-safe. */
@FunctionalInterface
public interface ErrorFormat {
  /** As {@code text/plain}, which is what a server does unless told otherwise. */
  ErrorFormat TEXT = (status, message) -> new Body("text/plain; charset=utf-8", message);

  /** The body for that status and line. */
  Body body(int status, String message);

  /**
   * What is sent.
   *
   * @param contentType its media type
   */
  record Body(String contentType, String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
