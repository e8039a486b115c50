package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Watches a scheduler that was just started, until every container runs and has found the others.
 */
final class LaunchWatch {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final IStateManager state;
  private final Progress progress;

  LaunchWatch(IStateManager state, Progress progress) {
    this.state = state;
    this.progress = progress;
  }

  /**
   * Waits; at once over if the scheduler has no process.
   *
   * @throws ClientException with the reason if it will not come to run, or has not in time
   */
  void await(String topology, SubmitRequest request, Cancellation cancellation)
      throws InterruptedException {
    Duration patience = request.patience();
    if (patience.isZero()) {
      return;
    }
    long start = System.nanoTime();
    long lastAnswer = start;
    while (true) {
      cancellation.check();
      Optional<SchedulerLocation> location = state.get(StateKind.SCHEDULER_LOCATION, topology);
      if (location.isPresent()
          && location.get().getHttpEndpoint().equals(SchedulerClient.LIBRARY)) {
        return;
      }
      Optional<SchedulerStatus> status =
          location.flatMap(found -> new SchedulerClient(found).status(ANSWER));
      long now = System.nanoTime();
      lastAnswer = status.isPresent() ? now : lastAnswer;
      LaunchVerdict verdict =
          LaunchVerdict.judge(
              status,
              state.exists(StateKind.PHYSICAL_PLAN, topology),
              Duration.ofNanos(now - lastAnswer),
              Duration.ofNanos(now - start),
              patience);
      if (isOver(verdict, topology, request)) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
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
          "after " + request.patience().toSeconds() + " seconds topology '" + topology + "'";
      if (!request.keepWaiting()) {
        throw new ClientException(
            "Not all containers run: "
                + late
                + " still waits: "
                + timedOut.reason()
                + "; a longer wait: heron.mesos.submit.timeout.seconds");
      }
      progress.warn(
          late
              + " still waits, and goes on waiting: "
              + timedOut.reason()
              + "; heron kill ends it");
    }
    return true;
  }
}
