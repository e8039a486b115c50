package org.apache.heron.spi.packing;

/** No plan can be made; the message says why and what to change. */
public final class PackingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PackingException(String message) {
    super(message);
  }

  public PackingException(String message, Throwable cause) {
    super(message, cause);
  }
}
