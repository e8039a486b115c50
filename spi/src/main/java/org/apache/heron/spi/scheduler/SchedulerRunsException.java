package org.apache.heron.spi.scheduler;

/** A scheduler was to be started where the process of one lives. */
public final class SchedulerRunsException extends SchedulerException {
  private static final long serialVersionUID = 1L;

  private final long process;

  /**
   * @param process the id of the process that lives, on this host
   */
  public SchedulerRunsException(String message, long process) {
    super(message);
    this.process = process;
  }

  /** The id of the process that lives, on this host. */
  public long process() {
    return process;
  }
}
