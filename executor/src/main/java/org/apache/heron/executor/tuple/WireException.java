package org.apache.heron.executor.tuple;

/** Bytes from another container that make no sense. */
public final class WireException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with them. */
  public WireException(String message) {
    super(message);
  }
}
