package org.apache.heron.web;

/**
 * The writing end of a long-lived chunked response. Thread-safe; writes keep their order and never
 * block. A sink whose reader is slower than the writer holds at most the server's stream limit of
 * bytes; beyond it the connection is closed.
 */
public interface StreamSink {
  /** Sends the bytes as one chunk; false if the stream is closed. */
  boolean write(byte[] bytes);

  /** Ends the response and the connection. Idempotent. */
  void close();

  /** True until either side has closed. */
  boolean isOpen();

  /** Runs the action once when the stream has ended, from whichever side. */
  void onClose(Runnable action);
}
