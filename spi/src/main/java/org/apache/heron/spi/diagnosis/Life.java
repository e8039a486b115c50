package org.apache.heron.spi.diagnosis;

/**
 * Whether anything of a topology runs; immutable.
 *
 * @param reason how that is known, or why it is not: {@code the master runs 3 tasks of framework X}
 */
public record Life(State state, String reason) {

  /** Whether it runs. */
  public enum State {
    /** Something of it runs, or may be started again by the back end. */
    RUNNING,
    /** The back end has answered: nothing of it runs, and nothing will. */
    GONE,
    /** It cannot be told. What is on record must stay then. */
    UNKNOWN
  }

  public static Life running(String reason) {
    return new Life(State.RUNNING, reason);
  }

  public static Life gone(String reason) {
    return new Life(State.GONE, reason);
  }

  public static Life unknown(String reason) {
    return new Life(State.UNKNOWN, reason);
  }
}
