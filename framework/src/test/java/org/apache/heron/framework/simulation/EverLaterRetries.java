package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
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
  private final Map<Integer, Heard> heard = new HashMap<>();

  /** Tasks whose end was wanted when it was first told; it may be told several times. */
  private final Set<String> wanted = new HashSet<>();

  private long clock;

  /**
   * Failures of a container that are on record.
   *
   * @param at when the last one was decided upon
   */
  private record Failures(int inARow, long at) {}

  /** A failure that a scheduler was told of, and has not put on record yet. */
  private record Heard(String task, SchedulerProcess by, long at) {}

  EverLaterRetries(World world) {
    super(world);
  }

  @Override
  void receives(SchedulerProcess process, Event event) {
    forgetWhenClocksJump();
    if (event instanceof Event.RestartRequested || event instanceof Event.UpdateRequested) {
      // A user need not wait.
      failures.clear();
      heard.clear();
    }
    if (!(event instanceof Event.TaskUpdated updated)
        || updated.update().state() != TaskState.TASK_FAILED
        || !process.toString().equals(world.writer)) {
      return;
    }
    String task = updated.update().task().value();
    Copy copy = world.copies.get(task);
    if (copy == null || copy.killAsked || !isOnRecord(copy)) {
      return;
    }
    if (isDying(process, copy)) {
      wanted.add(task);
    }
    if (wanted.contains(task)) {
      return;
    }
    Heard before = heard.get(copy.container);
    if (before == null || !before.task().equals(task) || before.by() != process) {
      heard.put(copy.container, new Heard(task, process, world.agenda.now()));
    }
  }

  /**
   * A failure counts once it is on record: what a process has heard and died with is told to the
   * next one, unless its agent is gone by then, and nobody knows of it any more.
   */
  @Override
  void written(SimulatedZooKeeper.Written change) {
    for (Integer container : change.containers().keySet()) {
      Heard told = heard.get(container);
      if (told != null
          && told.by().toString().equals(change.client())
          && !isOnRecord(container, told.task())) {
        heard.remove(container);
        Failures before = failures.get(container);
        int inARow = before == null || ranLong(container) ? 1 : before.inARow() + 1;
        failures.put(container, new Failures(inARow, told.at()));
      }
    }
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
    return isOnRecord(copy.container, copy.id);
  }

  private boolean isOnRecord(int container, String task) {
    return Optional.ofNullable(world.zooKeeper.containers().get(container))
        .flatMap(record -> record.task())
        .filter(record -> record.taskId().equals(task))
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

  /** What is due is on record by the clock of the one who wrote it, and read by another's. */
  private void forgetWhenClocksJump() {
    world.processes.stream()
        .filter(process -> process.toString().equals(world.writer))
        .map(SchedulerProcess::clockOffset)
        .findFirst()
        .filter(offset -> Math.abs(offset - clock) > 1_000)
        .ifPresent(
            offset -> {
              clock = offset;
              failures.clear();
              heard.clear();
            });
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
