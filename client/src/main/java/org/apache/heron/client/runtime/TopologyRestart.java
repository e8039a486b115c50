package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.LongCommand;
import org.apache.heron.client.scheduler.SchedulerAnswer;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.scheduler.SchedulerStatus;
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
    String submission = Presence.require(session).getTopologyId();
    if (parallel < 0) {
      throw new ClientException("--parallel is " + parallel + "; at least 1");
    }
    if (container != ALL) {
      KnownContainers.require(session, container, known());
    }
    try (SchedulerClient scheduler = Schedulers.of(session)) {
      restart(scheduler, container, parallel, submission);
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

  private void restart(SchedulerClient scheduler, int container, int parallel, String submission)
      throws InterruptedException {
    Optional<SchedulerStatus> status = scheduler.status(ANSWER);
    IntPredicate chosen = id -> container == ALL || id == container;
    Replacements copies =
        status.map(now -> Replacements.of(now, chosen)).orElseGet(Replacements::unknown);
    if (container == 0
        && status.filter(now -> now.phase() == SchedulerStatus.Phase.RUNNING).isPresent()) {
      // The topology manager writes it again; until then nobody must believe the old one. When all
      // are restarted, container 0 comes last and the others need its topology manager till then.
      // A scheduler that is dead, or cannot restart anything, leaves the old one running: then its
      // location is the right one, and it would write it again only after a while.
      session.state().delete(StateKind.TMANAGER_LOCATION, session.topology());
    }
    session.progress().stage("restarting");
    Duration limit = limit(status, chosen);
    SchedulerAnswer answer =
        LongCommand.await(
            scheduler,
            () -> scheduler.restart(container, parallel, limit),
            () -> scheduler.status(ANSWER).ifPresent(now -> tell(now, copies)),
            session.progress());
    // Who does not know which tasks were to go cannot tell when they have gone.
    if (answer.leavesUnknown() && !copies.isEmpty()) {
      follow(new RestartWatch(session, copies, submission, limit, System::nanoTime));
      return;
    }
    Schedulers.require(session, answer, RestartWatch.failedTo(session));
  }

  private static Duration limit(Optional<SchedulerStatus> status, IntPredicate chosen) {
    long count =
        status.stream()
            .flatMap(now -> now.containers().stream())
            .filter(each -> chosen.test(each.id()))
            .count();
    return EACH.multipliedBy(Math.min(count + 1, 1_000));
  }

  private void follow(RestartWatch watch) throws InterruptedException {
    watched.followUnsure(
        "the restart",
        () -> watch.over(watched.scheduler().flatMap(scheduler -> scheduler.status(ANSWER))));
  }

  private void tell(SchedulerStatus status, Replacements copies) {
    if (!copies.isEmpty()) {
      copies.look(status);
      session.progress().stage(copies.counts(status));
    }
  }
}
