package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.Termination;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerRunsException;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Ends a topology and removes every trace of it. The definition in shared state goes last, so that
 * a kill that was cut off anywhere can be repeated.
 */
public final class TopologyKill {
  /** What only those that run, or have run, write. */
  private static final List<StateKind<?>> SIGNS_OF_LIFE =
      List.of(
          StateKind.TMANAGER_LOCATION,
          StateKind.METRICS_CACHE_LOCATION,
          StateKind.PHYSICAL_PLAN,
          StateKind.SCHEDULER_LOCATION);

  /** With the checkpoints that upstream leaves behind. */
  private static final List<StateKind<?>> BEFORE_LOCKS =
      List.of(StateKind.PACKING_PLAN, StateKind.STATEFUL_CHECKPOINTS, StateKind.PENDING_UPDATE);

  private static final List<StateKind<?>> AFTER_LOCKS =
      List.of(StateKind.EXECUTION_STATE, StateKind.TOPOLOGY);

  /** Longer than an election takes, with the time that a paused process needs to see its state. */
  private static final Duration RETURN = Duration.ofSeconds(60);

  private static final Duration AGAIN = Duration.ofMillis(250);

  private final RuntimeSession session;
  private final Duration patience;

  /** With patience enough for a scheduler that was paused. */
  public TopologyKill(RuntimeSession session) {
    this(session, RETURN);
  }

  /**
   * @param patience how long a scheduler's process that lives may take to say where it listens
   */
  public TopologyKill(RuntimeSession session, Duration patience) {
    this.session = session;
    this.patience = patience;
  }

  /**
   * Returns when nothing is left.
   *
   * @throws ClientException if there is nothing of that name, it runs elsewhere, or its scheduler
   *     does not end it
   */
  public void run() throws InterruptedException {
    String topology = session.topology();
    if (!Presence.anything(session)) {
      throw new ClientException("Topology '" + topology + "' does not exist");
    }
    try (ILauncher launcher = Launchers.of(session)) {
      session.progress().stage("ending the containers");
      endScheduler(launcher);
      session.progress().stage("cleaning up");
      // Before what a scheduler could be started with: where these are without that, containers may
      // run elsewhere.
      SIGNS_OF_LIFE.forEach(kind -> session.state().delete(kind, topology));
      PackageRemoval.run(
          session.plugins(),
          session.local(),
          session.state().get(StateKind.EXECUTION_STATE, topology),
          session.progress());
      launcher.cleanUp();
    }
    // Again, for what only the cleaning up has ended.
    SIGNS_OF_LIFE.forEach(kind -> session.state().delete(kind, topology));
    BEFORE_LOCKS.forEach(kind -> session.state().delete(kind, topology));
    session.state().deleteLocks(topology);
    AFTER_LOCKS.forEach(kind -> session.state().delete(kind, topology));
  }

  private void endScheduler(ILauncher launcher) throws InterruptedException {
    Optional<SchedulerLocation> location = location();
    if (location.isPresent() && killedBy(location.get())) {
      return;
    }
    Optional<PackingPlan> plan = Launchers.plan(session);
    if (plan.isEmpty()) {
      // Neither a submit that got so far as to launch, nor a kill that has not yet cleaned up; or
      // somebody has removed what would say how to go on.
      launcher.survivor().ifPresent(this::refuse);
      return;
    }
    if (session.schedulers().isLibrary()) {
      termination().killByLibrary();
    } else {
      endWithoutScheduler(launcher, plan.get());
    }
  }

  /** The scheduler's process is dead, but its containers may live: it is started to end them. */
  private void endWithoutScheduler(ILauncher launcher, PackingPlan plan)
      throws InterruptedException {
    session.progress().warn("No scheduler runs for it; it is started again to end the containers");
    long end = System.nanoTime() + patience.toNanos();
    while (!endedBy(launcher, plan, System.nanoTime() - end > 0)) {
      TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
    }
  }

  /** One attempt; false if the scheduler's process lives, but has yet to say where it listens. */
  private boolean endedBy(ILauncher launcher, PackingPlan plan, boolean last)
      throws InterruptedException {
    boolean resumed;
    try {
      resumed = launcher.resume(plan);
    } catch (SchedulerException e) {
      // A standby may have taken over just now: then that one ends them.
      Optional<SchedulerLocation> location = location();
      if (location.isPresent() && killedBy(location.get())) {
        return true;
      }
      if (e instanceof SchedulerRunsException alive) {
        await(alive, last);
        return false;
      }
      throw e;
    }
    if (resumed && !killedBy(location().orElseThrow(this::endedAgain))) {
      throw endedAgain();
    }
    return true;
  }

  /** Its session ended while it was paused: it stands for election again, or ends. */
  private void await(SchedulerRunsException alive, boolean last) {
    if (last) {
      throw new ClientException(
          "Failed to kill topology '"
              + session.topology()
              + "': "
              + alive.getMessage()
              + ", but it has not said where it listens; end process "
              + alive.process()
              + ", then repeat the kill",
          alive);
    }
    session
        .progress()
        .stage("waiting for the scheduler, process " + alive.process() + ", to lead again");
  }

  private void refuse(String survivor) {
    throw new ClientException(
        "Failed to kill topology '"
            + session.topology()
            + "': it has no packing plan, so no scheduler can be started to end it, but "
            + survivor);
  }

  private boolean killedBy(SchedulerLocation location) throws InterruptedException {
    return termination().kill(location) == Termination.Outcome.ENDED;
  }

  private Termination termination() {
    return new Termination(session.schedulers(), session.progress());
  }

  private ClientException endedAgain() {
    return new ClientException(
        "Failed to kill topology '"
            + session.topology()
            + "' with scheduler, please re-try the kill command later: the scheduler"
            + " that was started again has ended");
  }

  private Optional<SchedulerLocation> location() {
    return session.state().get(StateKind.SCHEDULER_LOCATION, session.topology());
  }
}
