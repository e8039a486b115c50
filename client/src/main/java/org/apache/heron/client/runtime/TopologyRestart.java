package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.LongCommand;
import org.apache.heron.client.scheduler.SchedulerAnswer;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;
import org.apache.heron.spi.statemgr.StateKind;

/** Restarts containers, some at a time, and waits until they run again. */
public final class TopologyRestart {
  /** Stands for all containers. */
  public static final int ALL = -1;

  /** Each container may take ten minutes to come back, after which the scheduler gives up. */
  private static final Duration EACH = Duration.ofMinutes(11);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final RuntimeSession session;
  private final Watched watched;

  public TopologyRestart(RuntimeSession session) {
    this.session = session;
    this.watched = new Watched(session);
  }

  /**
   * Restarts; returns when the new copies run.
   *
   * @param container its id, or {@link #ALL}
   * @param parallel how many of all at a time; 0 leaves that to the configuration
   * @throws ClientException if there is no such container, or the scheduler does not do it
   */
  public void run(int container, int parallel) throws InterruptedException {
    Presence.require(session);
    if (parallel < 0) {
      throw new ClientException("--parallel is " + parallel + "; at least 1");
    }
    if (container != ALL) {
      KnownContainers.require(session, container, known());
    }
    try (SchedulerClient scheduler = Schedulers.of(session)) {
      restart(scheduler, container, parallel);
    }
  }

  /** Container 0, and those of the packing plan. */
  private List<Integer> known() {
    IntStream planned =
        Launchers.plan(session).stream()
            .flatMap(plan -> plan.containers().stream())
            .mapToInt(ContainerPlan::id);
    return IntStream.concat(IntStream.of(0), planned).sorted().distinct().boxed().toList();
  }

  private void restart(SchedulerClient scheduler, int container, int parallel)
      throws InterruptedException {
    Optional<SchedulerStatus> status = scheduler.status(ANSWER);
    Map<Integer, String> before =
        status.map(now -> tasks(now, container)).orElseGet(() -> new HashMap<>());
    if (container == 0
        && status.filter(now -> now.phase() == SchedulerStatus.Phase.RUNNING).isPresent()) {
      // The topology manager writes it again; until then nobody must believe the old one. When all
      // are restarted, container 0 comes last and the others need its topology manager till then.
      // A scheduler that is dead, or cannot restart anything, leaves the old one running: then its
      // location is the right one, and it would write it again only after a while.
      session.state().delete(StateKind.TMANAGER_LOCATION, session.topology());
    }
    session.progress().stage("restarting");
    Duration limit = EACH.multipliedBy(Math.min(before.size() + 1, 1_000));
    SchedulerAnswer answer =
        LongCommand.await(
            scheduler,
            () -> scheduler.restart(container, parallel, limit),
            () -> scheduler.status(ANSWER).ifPresent(now -> tell(now, before)),
            session.progress());
    boolean unknown = answer.leavesUnknown();
    // Who does not know which tasks were to go cannot tell when they have gone.
    if (unknown && !before.isEmpty()) {
      watched.follow("the restart", () -> over(before));
      return;
    }
    Schedulers.require(session, answer, "Failed to restart topology '" + session.topology() + "'");
  }

  /** The tasks that are to be replaced, by container. */
  private static Map<Integer, String> tasks(SchedulerStatus status, int container) {
    Map<Integer, String> tasks = new HashMap<>();
    status.containers().stream()
        .filter(each -> container == ALL || each.id() == container)
        .forEach(each -> tasks.put(each.id(), each.taskId()));
    return tasks;
  }

  private Optional<String> over(Map<Integer, String> before) {
    Optional<SchedulerStatus> status =
        watched.scheduler().flatMap(scheduler -> scheduler.status(ANSWER));
    status.ifPresent(now -> tell(now, before));
    return status
        .filter(now -> restarted(now, before) == before.size())
        .map(now -> "all restarted");
  }

  private void tell(SchedulerStatus status, Map<Integer, String> before) {
    if (before.isEmpty()) {
      return;
    }
    String counts = restarted(status, before) + " of " + before.size() + " restarted";
    List<Container> moving =
        status.containers().stream()
            .filter(each -> before.containsKey(each.id()) && !each.state().equals("RUNNING"))
            .toList();
    session
        .progress()
        .stage(
            moving.isEmpty()
                ? counts
                : counts + "; container " + moving.get(0).id() + " is " + moving.get(0).state());
  }

  private static long restarted(SchedulerStatus status, Map<Integer, String> before) {
    return status.containers().stream()
        .filter(each -> before.containsKey(each.id()))
        .filter(each -> each.state().equals("RUNNING"))
        .filter(each -> !each.taskId().equals(before.get(each.id())))
        .count();
  }
}
