package org.apache.heron.client.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.diagnosis.Life;

/**
 * What is known of a topology that shared state holds something of; immutable. {@link #judge} is
 * pure.
 *
 * @param left directories that hold a node of it
 * @param place {@code cluster/role/environ} of its execution state, if there is one
 * @param here whether that is of the cluster that is looked at; true if there is no place
 * @param age since it was submitted, if that is known
 * @param scheduler of its scheduler's process; none for a library
 * @param manager of its topology manager
 * @param library whether its scheduler runs in each command's process, and none is missing
 * @param life what the back end says
 */
record Evidence(
    List<String> left,
    Optional<String> place,
    boolean here,
    Optional<Duration> age,
    Sign scheduler,
    Sign manager,
    boolean library,
    Life life) {
  /** What shared state and the address that it gives tell of a process. */
  enum Sign {
    /** No node, or one that may have outlived its process and names a port that nobody has. */
    NONE,
    /** A process takes connections. */
    ANSWERS,
    /** None does here, but its node is there, which ends with its session. */
    IN_SESSION,
    /** Its host cannot be reached from here, and its node may have outlived it. */
    UNREACHED
  }

  /** A submit writes its nodes before anything runs. */
  private static final Duration BEING_SUBMITTED = Duration.ofMinutes(5);

  /** What follows from the evidence. */
  sealed interface Verdict {}

  /** It is looked after. */
  record Alive() implements Verdict {}

  /** It runs, but without a scheduler. */
  record Orphaned(String reason) implements Verdict {}

  /** It cannot be told whether it runs; nothing of it may be touched. */
  record Unclear(String reason) implements Verdict {}

  /** Nothing of it runs. */
  record Dead(String reason) implements Verdict {}

  Verdict judge() {
    if (!here) {
      return new Unclear("it belongs to " + place.orElse("another cluster"));
    }
    if (scheduler == Sign.ANSWERS) {
      return new Alive();
    }
    if (manager == Sign.ANSWERS) {
      return managed();
    }
    return switch (life.state()) {
      case RUNNING -> library ? new Alive() : new Orphaned(life.reason());
      case UNKNOWN -> new Unclear(life.reason());
      case GONE -> gone();
    };
  }

  /** Containers that run on without their scheduler are a service's; a library has none to lose. */
  private Verdict managed() {
    if (!library) {
      return new Orphaned("its topology manager runs");
    }
    return switch (life.state()) {
      case RUNNING -> new Alive();
      case UNKNOWN, GONE -> new Unclear("its topology manager answers, but " + life.reason());
    };
  }

  /**
   * The back end may be another than the one that the topology was submitted to (another master,
   * another of Aurora's schedulers), which not every one has on record. So it is believed only when
   * nothing else is left that may run.
   */
  private Verdict gone() {
    if (scheduler == Sign.IN_SESSION) {
      return new Unclear(
          "its scheduler takes no connections, but its session has not ended; look again in a"
              + " minute");
    }
    if (manager == Sign.IN_SESSION) {
      return new Unclear(
          life.reason()
              + ", but the session of its topology manager has not ended; look again in a minute,"
              + " with the settings that it was submitted with");
    }
    if (library && manager == Sign.UNREACHED) {
      return new Unclear(
          life.reason()
              + ", but the host of its topology manager cannot be reached; look from one that"
              + " reaches it");
    }
    if (age.isPresent() && age.get().compareTo(BEING_SUBMITTED) < 0) {
      return new Unclear("it was submitted less than five minutes ago");
    }
    return new Dead(life.reason());
  }
}
