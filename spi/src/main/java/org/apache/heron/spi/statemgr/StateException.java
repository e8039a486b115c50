package org.apache.heron.spi.statemgr;

/** The store cannot be reached, or holds what cannot be read; the message names node and cause. */
public final class StateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StateException(String message) {
    super(message);
  }

  public StateException(String message, Throwable cause) {
    super(message, cause);
  }
}
