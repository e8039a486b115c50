package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 9. A container that keeps failing is retried ever later: 1 s … 5 min, doubled with each failure,
 * with the reason shown. Only failures that are beyond doubt count here: a task that nobody asked
 * to end has said that it failed.
 */
final class EverLaterRetries extends Promise {
  /** A bit less than what makes earlier failures forgotten. */
  private static final long LONG_RUN = 9 * 60_000;

  /** Clocks of two machines differ. */
  private static final long TOLERANCE = 1_200;

  private final Map<Integer, Failures> failures = new HashMap<>();
  private long clocks;

  private record Failures(String last, int inARow, SchedulerProcess toldTo, long at) {}

  EverLaterRetries(World world) {
    super(world);
  }

  @Override
  void receives(SchedulerProcess process, Event event) {
    forgetWhenClocksJump();
    if (event instanceof Event.RestartRequested || event instanceof Event.UpdateRequested) {
      // A user need not wait.
      failures.clear();
    }
    if (!(event instanceof Event.TaskUpdated updated)
        || updated.update().state() != TaskState.TASK_FAILED
        || !process.toString().equals(world.writer)) {
      return;
    }
    String task = updated.update().task().value();
    Copy copy = world.copies.get(task);
    if (copy == null || copy.killAsked || !isOnRecord(copy) || isDying(process, copy)) {
      return;
    }
    Failures before = failures.get(copy.container);
    if (before != null && before.last().equals(task) && before.toldTo() == process) {
      // It comes again until it is acknowledged.
      return;
    }
    int inARow;
    if (before == null || ranLong(copy.container)) {
      inARow = 1;
    } else {
      inARow = before.inARow() + (before.last().equals(task) ? 0 : 1);
    }
    failures.put(copy.container, new Failures(task, inARow, process, world.agenda.now()));
  }

  /** True if the scheduler has decided to kill it already, and waits for the write before. */
  private static boolean isDying(SchedulerProcess process, Copy copy) {
    return process
        .state()
        .flatMap(state -> state.containers().get(new ContainerId(copy.container)))
        .filter(container -> container.life() == Life.KILLING)
        .isPresent();
  }

  private boolean isOnRecord(Copy copy) {
    return Optional.ofNullable(world.zooKeeper.containers().get(copy.container))
        .flatMap(record -> record.task())
        .filter(record -> record.taskId().equals(copy.id))
        .isPresent();
  }

  /** True if any copy of the container has ever run long: it is not worth to look when. */
  private boolean ranLong(int container) {
    return world.copies.values().stream()
        .anyMatch(
            copy ->
                copy.container == container
                    && copy.ranFrom >= 0
                    && (copy.isLive() ? world.agenda.now() : copy.endedAt) - copy.ranFrom
                        >= LONG_RUN);
  }

  private void forgetWhenClocksJump() {
    long sum = 0;
    for (SchedulerProcess process : world.processes) {
      sum += Math.abs(process.clockOffset()) > 1_000 ? process.clockOffset() : 0;
    }
    if (sum != clocks) {
      clocks = sum;
      failures.clear();
    }
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    forgetWhenClocksJump();
    if (!process.toString().equals(world.writer)) {
      return;
    }
    for (String task : Launches.of(call)) {
      int container = new TaskId(task).container().orElseThrow().value();
      Failures before = failures.get(container);
      if (before != null && !ranLong(container)) {
        long wait = Math.min(300_000, 1_000L << Math.min(before.inARow() - 1, 20));
        long waited = world.agenda.now() - before.at();
        require(
            waited >= wait - TOLERANCE,
            task
                + " is launched "
                + Words.of(waited)
                + " after failure "
                + before.inARow()
                + " in a row");
      }
    }
  }

  @Override
  void afterStep() {
    world
        .leader()
        .flatMap(SchedulerProcess::state)
        .filter(state -> state.containers().count(Life.BACKING_OFF) > 0)
        .ifPresent(
            state -> {
              for (Container container : state.containers()) {
                require(
                    container.life() != Life.BACKING_OFF || !container.reason().isEmpty(),
                    "container " + container.id() + " backs off without a reason");
              }
            });
  }
}
