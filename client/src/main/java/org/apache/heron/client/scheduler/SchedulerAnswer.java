package org.apache.heron.client.scheduler;

/** What came of a command to a scheduler. */
public sealed interface SchedulerAnswer {
  /** True if the scheduler may go on with the command, or one that is started in its place. */
  default boolean leavesUnknown() {
    return this instanceof Gone || this instanceof Stranger || this instanceof Unclear;
  }

  /**
   * It was carried out.
   *
   * @param message one line; may be empty
   */
  record Done(String message) implements SchedulerAnswer {}

  /**
   * The scheduler said no, or whoever answers in its place.
   *
   * @param message why; may be empty
   */
  record Refused(String message) implements SchedulerAnswer {}

  /**
   * Nobody listens where the scheduler was: its process has ended.
   *
   * @param message the connection's error
   */
  record Gone(String message) implements SchedulerAnswer {}

  /**
   * Something else listens where the scheduler was, another topology's scheduler for example: ports
   * are given anew. It was not asked, or said that it knows no such command.
   *
   * @param message what listens there
   */
  record Stranger(String message) implements SchedulerAnswer {}

  /**
   * It is not known whether the command was carried out: no answer in time, or none that is whole.
   *
   * @param message what came instead
   */
  record Unclear(String message) implements SchedulerAnswer {}
}
