package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;

/** What a scheduler's status means for the submit that waits for it. */
sealed interface LaunchVerdict {
  /** Every container runs and has found the others. */
  record Running() implements LaunchVerdict {}

  /**
   * Not yet.
   *
   * @param stage what is awaited, for a progress line
   */
  record Waiting(String stage) implements LaunchVerdict {}

  /**
   * It will not come to run.
   *
   * @param reason one line
   */
  record Failed(String reason) implements LaunchVerdict {}

  /**
   * Time is up, and the scheduler still tries.
   *
   * @param reason one line: what it waits for
   */
  record TimedOut(String reason) implements LaunchVerdict {}

  /** Somebody does not want it. */
  Failed KILLED = new Failed("it was killed while it was being launched");

  /** A container whose tasks failed so often will hardly come up by itself. */
  int HOPELESS_ATTEMPTS = 5;

  /**
   * So often is enough where tasks end before their command began, as long as no container has ever
   * come so far: a package that cannot be fetched, a user whom the agents do not know.
   */
  int HOPELESS_LAUNCHES = 2;

  /** Mesos' word for that (recording task-failures). */
  String NEVER_BEGAN = "REASON_CONTAINER_LAUNCH_FAILED";

  /** States of containers whose task has begun. */
  Set<String> BEGAN = Set.of("STARTING", "RUNNING", "KILLING");

  /** Time in which a scheduler must begin to answer, and may be silent between answers. */
  Duration SILENCE = Duration.ofSeconds(15);

  /**
   * Judges.
   *
   * @param status the last answer; empty if it does not answer
   * @param connected whether the containers have found each other: the physical plan is published
   * @param silent since when it does not answer
   */
  static LaunchVerdict judge(
      Optional<SchedulerStatus> status,
      boolean connected,
      Duration silent,
      Duration waited,
      Duration patience) {
    if (status.isEmpty()) {
      return silent.compareTo(SILENCE) < 0
          ? new Waiting("waiting for the scheduler")
          : new Failed("the scheduler has not answered for " + silent.toSeconds() + " seconds");
    }
    SchedulerStatus now = status.get();
    return switch (now.phase()) {
      case FAILED -> new Failed(now.problem().isEmpty() ? "the scheduler failed" : now.problem());
      case KILLING, KILLED -> KILLED;
      case STANDING_BY, REGISTERING ->
          waited.compareTo(patience) < 0
              ? new Waiting("registering with the cluster" + behindColon(now.problem()))
              : new TimedOut("the scheduler cannot register" + behindColon(now.problem()));
      case RUNNING -> judgeContainers(now, connected, waited, patience);
    };
  }

  private static LaunchVerdict judgeContainers(
      SchedulerStatus status, boolean connected, Duration waited, Duration patience) {
    if (status.allRunning() && connected) {
      return new Running();
    }
    boolean someBegan =
        status.containers().stream().anyMatch(container -> BEGAN.contains(container.state()));
    Optional<Container> hopeless =
        status.containers().stream()
            .filter(container -> container.state().equals("BACKING_OFF"))
            .filter(container -> container.failures() >= patienceWith(container, someBegan))
            .findFirst();
    if (hopeless.isPresent()) {
      Container container = hopeless.get();
      return new Failed(
          "container "
              + container.id()
              + " failed "
              + container.failures()
              + " times"
              + behindColon(container.reason()));
    }
    long running = status.containers().stream().filter(container -> isRunning(container)).count();
    String counts = running + " of " + status.containers().size() + " containers running";
    if (status.allRunning()) {
      return waited.compareTo(patience) < 0
          ? new Waiting("connecting the containers: " + counts)
          : new TimedOut(
              counts
                  + ", but the topology manager has published no physical plan; the log in the"
                  + " sandbox of container 0 says which containers it misses");
    }
    return waited.compareTo(patience) < 0
        ? new Waiting(awaited(status) + ": " + counts)
        : new TimedOut(counts + "; " + waitingContainers(status));
  }

  private static int patienceWith(Container container, boolean someBegan) {
    boolean everywhere = !someBegan && container.reason().contains(NEVER_BEGAN);
    return everywhere ? HOPELESS_LAUNCHES : HOPELESS_ATTEMPTS;
  }

  private static boolean isRunning(Container container) {
    return container.state().equals("RUNNING");
  }

  private static String awaited(SchedulerStatus status) {
    List<Container> waiting =
        status.containers().stream()
            .filter(container -> container.state().equals("WAITING"))
            .toList();
    if (waiting.isEmpty()) {
      return "starting";
    }
    // Only Mesos offers; on others a container that waits for something says so.
    if (!status.frameworkId().isEmpty()) {
      return "waiting for offers";
    }
    boolean said =
        waiting.stream().anyMatch(each -> each.reason() != null && !each.reason().isEmpty());
    return said ? "waiting for a place" : "starting";
  }

  private static String waitingContainers(SchedulerStatus status) {
    List<Container> waiting =
        status.containers().stream().filter(container -> !isRunning(container)).toList();
    return waiting.isEmpty() ? "no container is known yet" : WaitingContainers.text(waiting);
  }

  private static String behindColon(String reason) {
    return reason == null || reason.isEmpty() ? "" : ": " + reason;
  }
}
