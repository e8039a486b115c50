package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.storage.ContainerRecord;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
import org.apache.heron.framework.storage.TaskRecord;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 1. At most one live task per container that we have not asked to be killed; the loser of two
 * copies is killed (which the {@link Finale} holds in the end).
 *
 * <p>Mesos takes no KILL to an agent that is out of reach. So a copy there counts as asked once it
 * is given up on record, but only after the wait that is promised, or because a user wanted it.
 */
final class OneLiveCopy extends Promise {
  private final Set<String> launched = new HashSet<>();
  private final Map<String, Long> outOfSight = new HashMap<>();
  private final Set<String> givenUp = new HashSet<>();
  private long commanded = -1;

  OneLiveCopy(World world) {
    super(world);
  }

  @Override
  void receives(SchedulerProcess process, Event event) {
    if (event instanceof Event.TaskUpdated updated) {
      seen(updated.update());
    } else if (event instanceof Event.RestartRequested
        || event instanceof Event.UpdateRequested
        || event instanceof Event.KillRequested) {
      commanded = world.agenda.now();
    }
  }

  private void seen(StatusUpdate update) {
    String task = update.task().value();
    if (update.state() == TaskState.TASK_UNREACHABLE || update.state() == TaskState.TASK_UNKNOWN) {
      outOfSight.putIfAbsent(task, world.agenda.now());
    } else if (!Copy.isTerminal(update.state())) {
      outOfSight.remove(task);
    }
  }

  @Override
  void written(SimulatedZooKeeper.Written change) {
    change
        .containers()
        .forEach(
            (container, before) -> {
              Optional<String> task = taskOf(before);
              if (task.isPresent()
                  && !task.equals(
                      taskOf(Optional.ofNullable(world.zooKeeper.containers().get(container))))
                  && isPatient(container, task.get())) {
                givenUp.add(task.get());
              }
            });
  }

  private static Optional<String> taskOf(Optional<ContainerRecord> record) {
    return record.flatMap(ContainerRecord::task).map(TaskRecord::taskId);
  }

  private boolean isPatient(int container, String task) {
    Long since = outOfSight.get(task);
    if (since == null) {
      return false;
    }
    long wait = Timing.DEFAULT.unreachableWaitOf(new ContainerId(container)).toMillis();
    return commanded >= since
        || world.clocksHaveJumped()
        || world.agenda.now() - since >= wait - 1_500;
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    Launches.of(call)
        .forEach(
            task -> require(launched.add(task), "task id " + task + " is used for two launches"));
  }

  @Override
  void begins(Copy copy) {
    List<Copy> live =
        world.living().stream()
            .filter(each -> each.container == copy.container)
            .filter(each -> !each.killAsked && !givenUp.contains(each.id))
            .toList();
    require(
        live.size() <= 1,
        "container " + copy.container + " lives " + live.size() + " times: " + live);
  }
}
