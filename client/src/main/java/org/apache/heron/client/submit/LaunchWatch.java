package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.client.submission.Submission;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Watches a scheduler that was just started, until every container runs and has found the others.
 */
final class LaunchWatch {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** A library asks the cluster itself, which others ask too. */
  private static final Duration LIBRARY_INTERVAL = Duration.ofMillis(500);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final SchedulerClients schedulers;
  private final IStateManager state;
  private final Submission ours;
  private final Progress progress;

  LaunchWatch(SchedulerClients schedulers, Submission ours, Progress progress) {
    this.schedulers = schedulers;
    this.state = schedulers.state();
    this.ours = ours;
    this.progress = progress;
  }

  /** Asks the scheduler, if there is one yet that can be asked. */
  private interface Look {
    Optional<SchedulerStatus> status();
  }

  /**
   * Waits.
   *
   * @throws ClientException with the reason if it will not come to run, or has not in time
   */
  void await(SubmitRequest request, Cancellation cancellation) throws InterruptedException {
    if (request.patience().isZero()) {
      return;
    }
    if (schedulers.isLibrary()) {
      // One for all looks: it knows from one to the next what has changed.
      try (SchedulerClient library = schedulers.inProcess()) {
        await(() -> library.status(ANSWER), LIBRARY_INTERVAL, request, cancellation);
      }
    } else {
      await(this::processStatus, INTERVAL, request, cancellation);
    }
  }

  private Optional<SchedulerStatus> processStatus() {
    Optional<SchedulerLocation> location =
        state.get(StateKind.SCHEDULER_LOCATION, schedulers.topology());
    if (location.isEmpty()) {
      return Optional.empty();
    }
    try (SchedulerClient scheduler = schedulers.of(location.get())) {
      return scheduler.status(ANSWER);
    }
  }

  private void await(Look look, Duration interval, SubmitRequest request, Cancellation cancellation)
      throws InterruptedException {
    String topology = schedulers.topology();
    Duration patience = request.patience();
    long start = System.nanoTime();
    long lastAnswer = start;
    while (true) {
      cancellation.check();
      Optional<SchedulerStatus> status = look.status();
      long now = System.nanoTime();
      lastAnswer = status.isPresent() ? now : lastAnswer;
      LaunchVerdict verdict =
          status.isEmpty() && isBeingRemoved()
              ? LaunchVerdict.KILLED
              : LaunchVerdict.judge(
                  status,
                  state.exists(StateKind.PHYSICAL_PLAN, topology),
                  Duration.ofNanos(now - lastAnswer),
                  Duration.ofNanos(now - start),
                  patience);
      if (!(verdict instanceof LaunchVerdict.Failed) && isBeingRemoved()) {
        verdict = LaunchVerdict.KILLED;
      }
      if (isOver(verdict, topology, request)) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(interval.toNanos());
    }
  }

  /**
   * A kill takes the packing plan away, waits for the end of this submit, then takes the
   * definition; one that cannot wait so long frees the name for another.
   */
  private boolean isBeingRemoved() {
    return !ours.isDefined() || !state.exists(StateKind.PACKING_PLAN, ours.topology());
  }

  private boolean isOver(LaunchVerdict verdict, String topology, SubmitRequest request) {
    if (verdict instanceof LaunchVerdict.Waiting waiting) {
      progress.stage(waiting.stage());
      return false;
    }
    if (verdict instanceof LaunchVerdict.Failed failed) {
      throw new ClientException("Topology '" + topology + "' does not start: " + failed.reason());
    }
    if (verdict instanceof LaunchVerdict.TimedOut timedOut) {
      String late =
          "after "
              + request.patience().toSeconds()
              + " seconds topology '"
              + topology
              + "' still waits: "
              + timedOut.reason();
      if (!request.keepWaiting()) {
        throw new ClientException(
            late
                + "; 'heron plan' with the same arguments says what would fit where; a longer wait: "
                + SubmitRequest.TIMEOUT_KEY
                + "; to leave it waiting: "
                + SubmitRequest.KEEP_KEY
                + ": true");
      }
      progress.warn(
          late + "; it goes on waiting: 'heron explain' says for what, 'heron kill' ends it");
    }
    return true;
  }
}
