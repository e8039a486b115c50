package org.apache.heron.client;

/** A command that failed; the message is one line for the user: what is wrong, and what to do. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClientException(String message) {
    super(message);
  }

  public ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
