package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.submission.Submission;
import org.apache.heron.client.submission.SubmitLock;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Ends a topology and removes every trace of it. The definition in shared state goes last, so that
 * a kill that was cut off anywhere can be repeated. What it cleans up it cleans up while it holds
 * the name, so that nobody submits under it meanwhile; a submit that has not yet ended is waited
 * for. Should that wait be in vain, each thing is removed only while the name is not another
 * submission's.
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
  private static final List<StateKind<?>> PLANS =
      List.of(StateKind.PACKING_PLAN, StateKind.STATEFUL_CHECKPOINTS, StateKind.PENDING_UPDATE);

  private static final List<StateKind<?>> LAST =
      List.of(StateKind.EXECUTION_STATE, StateKind.TOPOLOGY);

  /** Longer than an election takes, with the time that a paused process needs to see its state. */
  private static final Duration RETURN = Duration.ofSeconds(60);

  /** Whoever only looks whether the name is free holds it for less. */
  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private final RuntimeSession session;
  private final Duration patience;

  /** With patience enough for a scheduler that was paused, and for the session of a dead submit. */
  public TopologyKill(RuntimeSession session) {
    this(session, RETURN);
  }

  /**
   * @param patience how long a scheduler's process that lives may take to say where it listens, and
   *     a submit to see that it is killed and take itself back
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
    Submission submission = Submission.onRecord(session.state(), session.topology());
    if (!Presence.anything(session)) {
      removeLock();
      return;
    }
    try (ILauncher launcher = Launchers.of(session)) {
      session.progress().stage("ending the containers");
      SchedulerEnd end = new SchedulerEnd(session, submission, patience);
      end.run(launcher);
      session.progress().stage("cleaning up");
      // Before what a scheduler could be started with: where these are without that, containers may
      // run elsewhere.
      SIGNS_OF_LIFE.forEach(submission::delete);
      Optional<IStateManager.Lock> lock = lock(AT_ONCE);
      if (lock.isEmpty()) {
        lock = awaitOthers(submission);
      }
      try {
        end.ofLateComer();
        cleanUp(launcher, submission);
        if (lock.isPresent()) {
          SubmitLock.deleteOthers(session.state(), session.topology());
        }
      } finally {
        lock.ifPresent(IStateManager.Lock::close);
      }
    }
  }

  private Optional<IStateManager.Lock> lock(Duration wait) {
    return SubmitLock.take(session.state(), session.topology(), wait);
  }

  /** Somebody submits it, or kills it: who submits sees by the missing plan that it is killed. */
  private Optional<IStateManager.Lock> awaitOthers(Submission submission) {
    PLANS.forEach(submission::delete);
    session.progress().stage("waiting for the end of another submit or kill");
    Optional<IStateManager.Lock> lock = lock(patience);
    if (lock.isEmpty()) {
      session
          .progress()
          .warn(
              "Another submit or kill of topology '"
                  + session.topology()
                  + "' has not ended within "
                  + patience.toSeconds()
                  + " seconds; its lock stays, and goes with its end or with one more kill");
    }
    session.progress().stage("cleaning up");
    return lock;
  }

  private void cleanUp(ILauncher launcher, Submission submission) {
    Optional<ExecutionState> execution =
        session.state().get(StateKind.EXECUTION_STATE, session.topology());
    submission.requireNoOther();
    PackageRemoval.run(session.plugins(), session.local(), execution, session.progress());
    submission.requireNoOther();
    launcher.cleanUp();
    // Again, for what only the cleaning up has ended.
    SIGNS_OF_LIFE.forEach(submission::delete);
    PLANS.forEach(submission::delete);
    LAST.forEach(submission::delete);
  }

  /**
   * For a name of which nothing is there but locks: of a submit that was cut off, or has only just
   * begun and sees by its definition, which it has yet to make, whether the name is still free.
   */
  private void removeLock() {
    String topology = session.topology();
    if (!session.state().lockedTopologies().contains(topology)) {
      throw new ClientException("Topology '" + topology + "' does not exist");
    }
    session.progress().stage("waiting for the end of a submit");
    Optional<IStateManager.Lock> lock = lock(patience);
    try {
      if (Presence.anything(session)) {
        throw new ClientException(
            "Topology '" + topology + "' was being submitted; repeat the kill to end it");
      }
      if (lock.isPresent()) {
        SubmitLock.deleteOthers(session.state(), topology);
      } else {
        session.state().deleteLocks(topology);
      }
      session.progress().info("Removed the lock of a submit of topology '" + topology + "'");
    } finally {
      lock.ifPresent(IStateManager.Lock::close);
    }
  }
}
