package org.apache.heron.minicluster.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.heron.minicluster.agent.status.TaskStates;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.awaitility.Awaitility;

/** A master that registers any agent, acknowledges what comes, and remembers it. */
final class FakeMaster implements MasterLink {
  static final FrameworkID FRAMEWORK = FrameworkID.newBuilder().setValue("fw-0000").build();
  static final Duration LIMIT = Duration.ofSeconds(60);

  final List<TaskStatus> statuses = new CopyOnWriteArrayList<>();
  final List<RunningTask> reported = new CopyOnWriteArrayList<>();
  final List<AgentInfo> registrations = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicInteger pings = new AtomicInteger();
  volatile boolean acknowledges = true;
  volatile AgentLink agent;

  /** On the agent's thread, when it says that it ends. */
  volatile Runnable whenDisconnected = () -> {};

  static FrameworkInfo framework() {
    return FrameworkInfo.newBuilder()
        .setId(FRAMEWORK)
        .setName("test")
        .setUser(System.getProperty("user.name"))
        .setCheckpoint(true)
        .build();
  }

  static TaskInfo.Builder task(String id, String command) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue("S0"))
        .setCommand(CommandInfo.newBuilder().setValue(command));
  }

  static TaskID id(String id) {
    return TaskID.newBuilder().setValue(id).build();
  }

  @Override
  public void register(
      AgentInfo info,
      List<Resource> total,
      AgentLink link,
      List<FrameworkInfo> frameworks,
      List<RunningTask> tasks) {
    reported.clear();
    reported.addAll(tasks);
    link.registered(info.hasId() ? info.getId() : AgentID.newBuilder().setValue("S0").build());
    // What tests wait for comes last, after all that they read or ask for then.
    agent = link;
    registrations.add(info);
  }

  @Override
  public void ping(AgentID id) {
    pings.incrementAndGet();
  }

  @Override
  public void statusUpdate(AgentID id, FrameworkID framework, TaskStatus status, TaskState latest) {
    statuses.add(status);
    if (acknowledges) {
      agent.acknowledge(framework, status.getTaskId(), status.getUuid());
    }
  }

  @Override
  public void executorExited(
      AgentID id, FrameworkID framework, ExecutorID executor, int waitStatus) {
    events.add("executor " + executor.getValue() + " exited " + waitStatus);
  }

  @Override
  public void unregister(AgentID id) {
    events.add("unregister");
  }

  @Override
  public void disconnected(AgentID id) {
    events.add("disconnected");
    whenDisconnected.run();
  }

  void run(TaskInfo.Builder task) {
    run(framework(), task.build());
  }

  void run(FrameworkInfo framework, TaskInfo task) {
    Awaitility.await().pollDelay(Duration.ZERO).atMost(LIMIT).until(() -> agent != null);
    agent.runTask(framework, task);
  }

  void kill(String task) {
    agent.killTask(FRAMEWORK, id(task), Optional.empty());
  }

  List<TaskStatus> of(String task) {
    List<TaskStatus> found = new ArrayList<>();
    for (TaskStatus status : statuses) {
      if (status.getTaskId().getValue().equals(task)) {
        found.add(status);
      }
    }
    return found;
  }

  List<TaskState> states(String task) {
    return of(task).stream().map(TaskStatus::getState).toList();
  }

  TaskStatus await(String task, TaskState state) {
    return await(task, status -> status.getState() == state, state.toString());
  }

  TaskStatus await(String task, Predicate<TaskStatus> which, String what) {
    Awaitility.await(what + " of " + task)
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .failFast(
            what + " can no longer come",
            () ->
                of(task).stream().anyMatch(status -> TaskStates.isTerminal(status.getState()))
                    && of(task).stream().noneMatch(which))
        .until(() -> of(task).stream().anyMatch(which));
    return of(task).stream().filter(which).findFirst().orElseThrow();
  }
}
