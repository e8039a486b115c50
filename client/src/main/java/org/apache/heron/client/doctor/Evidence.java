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
 * @param location whether there is a node of a scheduler's location
 * @param schedulerAnswers whether a process takes connections there
 * @param managerAnswers whether one does where its topology manager is said to be
 * @param library whether its scheduler runs in each command's process, and none is missing
 * @param ephemeral whether the location's node ends with its process' session
 * @param life what the back end says
 */
record Evidence(
    List<String> left,
    Optional<String> place,
    boolean here,
    Optional<Duration> age,
    boolean location,
    boolean schedulerAnswers,
    boolean managerAnswers,
    boolean library,
    boolean ephemeral,
    Life life) {
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
    if (schedulerAnswers) {
      return new Alive();
    }
    if (managerAnswers) {
      return new Orphaned("its topology manager runs");
    }
    return switch (life.state()) {
      case RUNNING -> library ? new Alive() : new Orphaned(life.reason());
      case UNKNOWN -> new Unclear(life.reason());
      case GONE -> gone();
    };
  }

  private Verdict gone() {
    if (location && ephemeral) {
      return new Unclear(
          "its scheduler takes no connections, but its session has not ended; look again in a"
              + " minute");
    }
    if (age.isPresent() && age.get().compareTo(BEING_SUBMITTED) < 0) {
      return new Unclear("it was submitted less than five minutes ago");
    }
    return new Dead(life.reason());
  }
}
