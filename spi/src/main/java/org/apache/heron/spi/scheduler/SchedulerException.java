package org.apache.heron.spi.scheduler;

/** A launch or scheduler that failed; the message is one line for the user. */
public sealed class SchedulerException extends RuntimeException permits SchedulerRunsException {
  private static final long serialVersionUID = 1L;

  public SchedulerException(String message) {
    super(message);
  }

  public SchedulerException(String message, Throwable cause) {
    super(message, cause);
  }
}
