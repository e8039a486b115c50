package org.apache.heron.minicluster.operator;

import java.io.IOException;

/** A master's refusal of an operator's call. */
public final class OperatorException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  OperatorException(String call, int status, String text) {
    super(call + " was answered " + status + ": " + text);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
