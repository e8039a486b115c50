package org.apache.heron.client.scheduler;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** Has a scheduler end its topology, and waits until the scheduler itself is gone. */
public final class Termination {
  /** A scheduler answers when its containers are gone; that takes their grace period. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  /** Longest time for tasks on agents that answer late; after it the user is asked to repeat. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration DEPARTURE = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final IStateManager state;
  private final SchedulerClients clients;
  private final Progress progress;

  public Termination(SchedulerClients clients, Progress progress) {
    this.state = clients.state();
    this.clients = clients;
    this.progress = progress;
  }

  /** What became of it. */
  public enum Outcome {
    /** Topology and scheduler are gone. */
    ENDED,
    /** Its scheduler does not listen at its location: its process had ended before. */
    WAS_GONE
  }

  /**
   * Ends it.
   *
   * @throws ClientException if the scheduler refuses, or does not say that it is done
   */
  public Outcome kill(SchedulerLocation location) throws InterruptedException {
    try (SchedulerClient client = clients.of(location)) {
      if (SchedulerClients.isProcess(location)) {
        return kill(location, client);
      }
      killByLibrary(client);
      return Outcome.ENDED;
    }
  }

  /**
   * Ends what a scheduler without a process has launched, also if it has not got so far as to
   * publish its location.
   *
   * @throws ClientException if it does not say that nothing is left
   */
  public void killByLibrary() throws InterruptedException {
    try (SchedulerClient client = clients.inProcess()) {
      killByLibrary(client);
    }
  }

  private void killByLibrary(SchedulerClient client) throws InterruptedException {
    SchedulerAnswer answer = ask(client);
    if (!(answer instanceof SchedulerAnswer.Done)) {
      throw failed(clients.topology(), message(answer));
    }
  }

  private SchedulerAnswer ask(SchedulerClient client) throws InterruptedException {
    return LongCommand.await(
        client,
        () -> client.kill(ANSWER),
        () -> client.status(LOOK).ifPresent(status -> progress.stage(awaited(status))),
        progress);
  }

  private Outcome kill(SchedulerLocation location, SchedulerClient client)
      throws InterruptedException {
    String topology = location.getTopologyName();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      SchedulerAnswer answer = ask(client);
      if (answer instanceof SchedulerAnswer.Done) {
        progress.stage("waiting for the scheduler to end");
        awaitDeparture(location);
        return Outcome.ENDED;
      }
      if (answer instanceof SchedulerAnswer.Gone) {
        return Outcome.WAS_GONE;
      }
      if (answer instanceof SchedulerAnswer.Stranger stranger) {
        progress.warn("Its scheduler has ended: " + stranger.message());
        return Outcome.WAS_GONE;
      }
      Optional<SchedulerStatus> status = client.status(LOOK);
      if (status.isEmpty() && !listens(location.getHttpEndpoint())) {
        // It ended while it was asked: what is left is found out by the one that is started next.
        return Outcome.WAS_GONE;
      }
      boolean underWay =
          status.filter(now -> now.phase() == SchedulerStatus.Phase.KILLING).isPresent();
      if (!underWay || System.nanoTime() - end > 0) {
        throw failed(topology, status.map(now -> reason(answer, now)).orElse(message(answer)));
      }
      TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
    }
  }

  private static String message(SchedulerAnswer answer) {
    return answer instanceof SchedulerAnswer.Refused refused
        ? refused.message()
        : answer instanceof SchedulerAnswer.Unclear unclear ? unclear.message() : "";
  }

  private static String reason(SchedulerAnswer answer, SchedulerStatus status) {
    boolean underWay = status.phase() == SchedulerStatus.Phase.KILLING;
    return underWay ? "the kill is on record and goes on: " + awaited(status) : message(answer);
  }

  /** What a kill waits for. */
  static String awaited(SchedulerStatus status) {
    List<SchedulerStatus.Container> left =
        status.containers().stream().filter(container -> !container.taskId().isEmpty()).toList();
    if (left.isEmpty()) {
      String last = status.frameworkId().isEmpty() ? "removing the rest" : "removing the framework";
      return status.problem().isEmpty() ? last : status.problem();
    }
    SchedulerStatus.Container first = left.get(0);
    int all = status.containers().size();
    return "ending the containers: "
        + (all - left.size())
        + " of "
        + all
        + " ended; container "
        + first.id()
        + " is "
        + first.state()
        + " on "
        + first.hostname()
        + (status.problem().isEmpty() ? "" : "; " + status.problem());
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
