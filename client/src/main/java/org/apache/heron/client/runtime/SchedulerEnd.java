package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.Termination;
import org.apache.heron.client.submission.Submission;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerRunsException;
import org.apache.heron.spi.statemgr.StateKind;

/** Has the containers of one submission end, and its scheduler with them. */
final class SchedulerEnd {
  private static final Duration AGAIN = Duration.ofMillis(250);

  private final RuntimeSession session;
  private final Submission submission;
  private final Duration patience;

  /**
   * @param patience how long a scheduler's process that lives may take to say where it listens
   */
  SchedulerEnd(RuntimeSession session, Submission submission, Duration patience) {
    this.session = session;
    this.submission = submission;
    this.patience = patience;
  }

  /**
   * Returns when they have ended.
   *
   * @throws ClientException if they have not, or the name is another submission's
   */
  void run(ILauncher launcher) throws InterruptedException {
    Optional<PackingPlan> plan = Launchers.plan(session);
    Optional<SchedulerLocation> location = location();
    if (location.isPresent() && killedBy(location.get())) {
      return;
    }
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

  /** Ends one that a submit was just launching, and that has come up since. */
  void ofLateComer() throws InterruptedException {
    Optional<SchedulerLocation> location = location();
    if (location.isPresent()) {
      killedBy(location.get());
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
    Optional<SchedulerLocation> location =
        session.state().get(StateKind.SCHEDULER_LOCATION, session.topology());
    // In this order: what was there before the name was another's is not the other's.
    submission.requireNoOther();
    return location;
  }
}
