package org.apache.heron.framework.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.heron.framework.core.Aim;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Containers;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.RecordChange;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.BackoffRecord;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.ContainerRecord;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Goal;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.TaskPhase;
import org.apache.heron.framework.storage.TaskRecord;
import org.apache.heron.spi.executor.ExecutorPort;

/**
 * The core's changes as the store's records, and the state that records stand for. For one thread.
 */
final class Records {
  private final String topology;
  private final String topologyId;
  private Goal goal = Goal.RUN;
  private Instant goalSince = Instant.EPOCH;

  Records(String topology, String topologyId) {
    this.topology = topology;
    this.topologyId = topologyId;
  }

  Batch batch(List<RecordChange> changes, Instant now) {
    Optional<FrameworkRecord> framework = Optional.empty();
    List<ContainerRecord> containers = new ArrayList<>();
    List<Integer> removed = new ArrayList<>();
    for (RecordChange change : changes) {
      if (change instanceof RecordChange.Framework record) {
        framework = Optional.of(record(record, now));
      } else if (change instanceof RecordChange.Put put) {
        containers.add(record(put.container()));
      } else if (change instanceof RecordChange.Remove remove) {
        removed.add(remove.container().value());
      }
    }
    return new Batch(framework, containers, removed);
  }

  /**
   * All that a state stands for on record, as what somebody takes over who has only this; empty if
   * Mesos has given it no id.
   */
  Optional<Snapshot> memory(State state, Instant now) {
    if (state.frameworkId().isEmpty()) {
      return Optional.empty();
    }
    boolean ending = state.phase() == Phase.KILLING || state.phase() == Phase.TEARING_DOWN;
    SortedMap<Integer, ContainerRecord> containers = new TreeMap<>();
    state.containers().forEach(each -> containers.put(each.id().value(), record(each)));
    FrameworkRecord framework =
        record(
            new RecordChange.Framework(
                state.frameworkId(),
                state.principal(),
                ending,
                state.containers().highestAttempt(),
                state.history()),
            now);
    return Optional.of(new Snapshot(0, Optional.of(framework), containers));
  }

  private FrameworkRecord record(RecordChange.Framework framework, Instant now) {
    Goal wanted = framework.killing() ? Goal.REMOVE : Goal.RUN;
    if (goal != wanted || goalSince.equals(Instant.EPOCH)) {
      goal = wanted;
      goalSince = now;
    }
    return new FrameworkRecord(
        topology,
        topologyId,
        framework.frameworkId(),
        framework.principal(),
        goal,
        goalSince,
        framework.attemptFloor(),
        framework.history());
  }

  private static ContainerRecord record(Container container) {
    Optional<Instant> nextTry =
        container.life() == Life.BACKING_OFF ? container.due() : Optional.empty();
    return new ContainerRecord(
        container.id().value(),
        goalOf(container.aim()),
        container.attempt(),
        container.task().map(task -> record(container, task)),
        List.of(),
        new BackoffRecord(container.failures(), nextTry, container.reason()),
        container.history());
  }

  private static Goal goalOf(Aim aim) {
    return switch (aim) {
      case RUN -> Goal.RUN;
      case RENEW -> Goal.RENEW;
      case REMOVE -> Goal.REMOVE;
    };
  }

  private static TaskRecord record(Container container, Task task) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    int next = 0;
    for (ExecutorPort port : ExecutorPort.values()) {
      if (next < task.ports().size()) {
        ports.put(port.portName(), task.ports().get(next++));
      }
    }
    return new TaskRecord(
        task.id().value(),
        container.attempt(),
        task.agent().value(),
        task.hostname(),
        ports,
        phaseOf(container.life()),
        container.since(),
        Optional.empty(),
        task.traits(),
        Optional.of(
            new Size(
                Math.round(task.cpus() * 1000),
                Math.round(task.memMb() * 1000),
                Math.round(task.diskMb() * 1000),
                task.ports().size())));
  }

  private static TaskPhase phaseOf(Life life) {
    return switch (life) {
      case LAUNCHING -> TaskPhase.LAUNCHING;
      case STAGING -> TaskPhase.STAGING;
      case STARTING -> TaskPhase.STARTING;
      case RUNNING -> TaskPhase.RUNNING;
      case UNREACHABLE -> TaskPhase.UNREACHABLE;
      case KILLING -> TaskPhase.KILLING;
      case WAITING, BACKING_OFF -> throw new IllegalArgumentException(life + " has no task");
    };
  }

  private static Life lifeOf(TaskPhase phase) {
    return switch (phase) {
      case LAUNCHING -> Life.LAUNCHING;
      case STAGING -> Life.STAGING;
      case STARTING -> Life.STARTING;
      case RUNNING -> Life.RUNNING;
      case UNREACHABLE -> Life.UNREACHABLE;
      case KILLING -> Life.KILLING;
    };
  }

  /**
   * The state to go on from.
   *
   * @param snapshot of this submission's records
   * @param sizes of all containers that the plan has, with container 0
   */
  State state(Snapshot snapshot, Map<ContainerId, Size> sizes, Timing timing, Instant now) {
    int floor = snapshot.framework().map(FrameworkRecord::attemptFloor).orElse(0);
    List<Container> containers = new ArrayList<>();
    sizes.forEach(
        (id, size) ->
            containers.add(
                Optional.ofNullable(snapshot.containers().get(id.value()))
                    .map(record -> container(record, size, timing, now).withAim(aim(record)))
                    .orElseGet(() -> Container.fresh(id, size, floor, now))));
    snapshot
        .containers()
        .forEach(
            (id, record) -> {
              if (!sizes.containsKey(new ContainerId(id))) {
                containers.add(surplus(record, timing, now));
              }
            });
    boolean ending =
        snapshot.framework().filter(framework -> framework.goal() == Goal.REMOVE).isPresent();
    snapshot
        .framework()
        .ifPresent(
            framework -> {
              goal = framework.goal();
              goalSince = framework.since();
            });
    return State.restored(
        ending ? Phase.KILLING : Phase.SERVING,
        snapshot.framework().flatMap(FrameworkRecord::frameworkId),
        snapshot.framework().flatMap(FrameworkRecord::principal),
        Containers.of(containers, floor),
        snapshot.framework().map(FrameworkRecord::history).orElse(History.NONE));
  }

  // The plan says which containers are wanted, whatever was wanted when the record was written.
  private static Aim aim(ContainerRecord record) {
    return record.goal() == Goal.RENEW ? Aim.RENEW : Aim.RUN;
  }

  /** A container that the plan does not have: its copy, if any, is to be killed. */
  private static Container surplus(ContainerRecord record, Timing timing, Instant now) {
    Size size = record.task().flatMap(TaskRecord::size).orElse(new Size(0, 0, 0, 0));
    return container(record, size, timing, now).withAim(Aim.REMOVE);
  }

  private static Container container(
      ContainerRecord record, Size size, Timing timing, Instant now) {
    ContainerId id = new ContainerId(record.containerId());
    BackoffRecord backoff = record.backoff();
    if (record.task().isEmpty()) {
      Life life = backoff.nextTry().isPresent() ? Life.BACKING_OFF : Life.WAITING;
      return new Container(
          id,
          size,
          Aim.RUN,
          life,
          now,
          record.attempts(),
          backoff.failures(),
          backoff.reason(),
          backoff.nextTry(),
          Optional.empty(),
          record.history());
    }
    TaskRecord task = record.task().get();
    Life life = lifeOf(task.phase());
    return new Container(
        id,
        size,
        Aim.RUN,
        life,
        task.since(),
        record.attempts(),
        backoff.failures(),
        backoff.reason(),
        due(id, life, timing, now),
        Optional.of(task(task, size)),
        record.history());
  }

  private static Optional<Instant> due(ContainerId id, Life life, Timing timing, Instant now) {
    return switch (life) {
      case LAUNCHING, STAGING, STARTING -> Optional.of(now.plus(timing.launchLook()));
      case KILLING -> Optional.of(now.plus(timing.killAgain()));
      // What this process has not seen of the agent does not count against it.
      case UNREACHABLE -> Optional.of(now.plus(timing.unreachableWaitOf(id)));
      case RUNNING, WAITING, BACKING_OFF -> Optional.empty();
    };
  }

  private static Task task(TaskRecord record, Size wanted) {
    // Records of before sizes were kept are of copies that have the plan's.
    Size size = record.size().orElse(wanted);
    List<Integer> ports = new ArrayList<>();
    for (ExecutorPort port : ExecutorPort.values()) {
      Optional.ofNullable(record.ports().get(port.portName())).ifPresent(ports::add);
    }
    return new Task(
        new TaskId(record.taskId()),
        new AgentId(record.agentId()),
        record.hostname(),
        record.traits(),
        size.cpus(),
        size.memMb(),
        size.diskMb(),
        ports);
  }
}
