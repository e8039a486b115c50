package org.apache.heron.web;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request. Exactly one sending method is called, by the handler or, after {@link
 * #answeredLater}, by another thread. Not thread-safe.
 */
public abstract class WebResponse {

  WebResponse() {}

  /** Sets the status; 200 if never called. */
  public abstract WebResponse status(int status);

  /** Adds a header. */
  public abstract WebResponse header(String name, String value);

  /** Sends a body of that media type; {@code null} content type sends none of that header. */
  public abstract void send(String contentType, byte[] body);

  /** Begins a chunked response whose chunks other threads may write for as long as they like. */
  public abstract StreamSink stream(String contentType);

  /**
   * Begins a chunked response that this handler writes itself, with back pressure; it ends when the
   * stream is closed. The stream's methods throw IOException when the client has gone or is too
   * slow.
   */
  public abstract OutputStream output(String contentType);

  /** As {@link #output(String)}, of a body whose length in bytes is known and said. */
  public abstract OutputStream output(String contentType, long length);

  /** Says that another thread will answer, after the handler has returned. */
  public abstract void answeredLater();

  /** Answers with an error in the server's form; cuts the connection if an answer is under way. */
  public abstract void fail(int errorStatus, String message);

  /**
   * Runs the action, once, if the connection ends before the answer has been sent. It runs on the
   * thread that serves all connections, so it must not block.
   */
  public abstract void onDisconnect(Runnable action);

  /** Sends UTF-8 text/plain. */
  public final void sendText(String text) {
    send("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends UTF-8 text/html. */
  public final void sendHtml(String html) {
    send("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends the value as JSON, written by Jackson. */
  public final void sendJson(Object value) {
    send("application/json", Json.write(value));
  }

  /** Sends no body. */
  public final void sendEmpty() {
    send(null, new byte[0]);
  }
}
