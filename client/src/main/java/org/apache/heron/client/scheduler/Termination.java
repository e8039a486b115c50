package org.apache.heron.client.scheduler;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** Has a scheduler end its topology, and waits until the scheduler itself is gone. */
public final class Termination {
  /** A scheduler answers when its containers are gone; that takes their grace period. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private static final Duration DEPARTURE = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final IStateManager state;
  private final Progress progress;

  public Termination(IStateManager state, Progress progress) {
    this.state = state;
    this.progress = progress;
  }

  /** What became of it. */
  public enum Outcome {
    /** Topology and scheduler are gone. */
    ENDED,
    /** No scheduler listens at its location: its process had ended before. */
    WAS_GONE
  }

  /**
   * Ends it.
   *
   * @throws ClientException if the scheduler refuses, or does not say that it is done
   */
  public Outcome kill(SchedulerLocation location) throws InterruptedException {
    String topology = location.getTopologyName();
    SchedulerClient client = new SchedulerClient(location);
    SchedulerAnswer answer = client.kill(ANSWER);
    if (answer instanceof SchedulerAnswer.Gone) {
      return Outcome.WAS_GONE;
    }
    if (answer instanceof SchedulerAnswer.Refused refused) {
      throw failed(topology, refused.message());
    }
    if (answer instanceof SchedulerAnswer.Unclear unclear) {
      throw failed(topology, unclear.message());
    }
    progress.stage("waiting for the scheduler to end");
    awaitDeparture(location);
    return Outcome.ENDED;
  }

  private void awaitDeparture(SchedulerLocation location) throws InterruptedException {
    String topology = location.getTopologyName();
    long end = System.nanoTime() + DEPARTURE.toNanos();
    while (state.exists(StateKind.SCHEDULER_LOCATION, topology)
        && listens(location.getHttpEndpoint())) {
      if (System.nanoTime() - end > 0) {
        throw failed(
            topology,
            "the scheduler at "
                + location.getHttpEndpoint()
                + " has not ended within "
                + DEPARTURE.toSeconds()
                + " seconds");
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
  }

  private static boolean listens(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(endpoint.substring(colon + 1));
      socket.connect(new InetSocketAddress(endpoint.substring(0, colon), port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static ClientException failed(String topology, String reason) {
    return new ClientException(
        "Failed to kill topology '"
            + topology
            + "' with scheduler, please re-try the kill command later"
            + (reason.isEmpty() ? "" : ": " + reason));
  }
}
