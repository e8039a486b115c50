package org.apache.heron.web;

import java.util.Map;

/**
 * A refusal that a handler throws to end a request with a status and one line of plain text.
 *
 * <p>The message is sent to the client, so it must name the value and what to do, and hold nothing
 * secret.
 */
public final class HttpError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  /**
   * @param status an HTTP status from 300 to 599
   * @param message the response body, text/plain
   */
  public HttpError(int status, String message) {
    this(status, message, Map.of());
  }

  /** As {@link #HttpError(int, String)}, with further response headers. */
  public HttpError(int status, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  /** The HTTP status to answer with. */
  public int status() {
    return status;
  }

  /** Response headers to add. */
  public Map<String, String> headers() {
    return headers;
  }
}
