package org.apache.heron.framework.simulation;

import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.history.History.Bounds;
import org.apache.heron.framework.runtime.FrameworkRuntime;

/**
 * 15. However much comes, what waits and what is remembered is bounded: messages, effects, and what
 * is told of each container.
 */
final class BoundedMemory extends Promise {
  /** What one decision may add to the effects that wait. */
  private static final int ONE_DECISION = 1_000;

  /** Commands and news of the connection come beside the master's stream, which alone may flood. */
  private static final int BESIDE_THE_STREAM = 100;

  private int mostContainers;

  BoundedMemory(World world) {
    super(world);
  }

  @Override
  void decided(SchedulerProcess process, State before, Event event, Decision decision) {
    require(
        process.waitingMessages() <= FrameworkRuntime.MOST_MESSAGES + BESIDE_THE_STREAM,
        process.waitingMessages() + " messages wait in " + process);
    require(
        process.waitingEffects() <= FrameworkRuntime.MOST_EFFECTS + ONE_DECISION,
        process.waitingEffects() + " effects wait in " + process);
    State after = decision.state();
    // Of containers that were removed the questions are dropped when they would be asked again.
    mostContainers = Math.max(mostContainers, after.containers().size());
    int questions = after.reconciliation().unanswered().size();
    require(
        questions <= 2 * mostContainers,
        questions + " questions about at most " + mostContainers + " containers");
    require(
        after.history().happenings().size() <= Bounds.FRAMEWORK.most(),
        "the framework remembers " + after.history().happenings().size() + " happenings");
    for (Container container : after.containers()) {
      require(
          container.history().happenings().size() <= Bounds.CONTAINER.most(),
          "container " + container.id() + " remembers too much");
    }
  }
}
