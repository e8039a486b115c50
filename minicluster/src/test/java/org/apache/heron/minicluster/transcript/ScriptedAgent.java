package org.apache.heron.minicluster.transcript;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * An agent that says what the recorded agent said, when it is told to, in the order that a real one
 * keeps: a task's next status only after the one before is acknowledged. Thread-safe.
 */
final class ScriptedAgent implements AgentLink {
  private final AgentInfo info;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Set<TaskID> killed = new HashSet<>();
  private CompletableFuture<AgentID> id = new CompletableFuture<>();
  private boolean registered;
  private boolean draining;

  private static final class Run {
    final FrameworkInfo framework;
    final TaskInfo task;
    final List<TaskStatus> sent = new ArrayList<>();
    final Set<ByteString> acknowledged = new HashSet<>();

    Run(FrameworkInfo framework, TaskInfo task) {
      this.framework = framework;
      this.task = task;
    }
  }

  ScriptedAgent(AgentInfo info) {
    this.info = info;
  }

  String hostname() {
    return info.getHostname();
  }

  synchronized boolean isRegistered() {
    return registered;
  }

  synchronized Optional<AgentID> id() {
    return id.isDone() ? Optional.of(id.join()) : Optional.empty();
  }

  /** Registers, or registers again with what it runs, and waits until the master has answered. */
  void register(MasterLink master) throws Exception {
    AgentInfo.Builder described = info.toBuilder();
    List<FrameworkInfo> frameworks = new ArrayList<>();
    List<MasterLink.RunningTask> tasks = new ArrayList<>();
    CompletableFuture<AgentID> answer;
    synchronized (this) {
      id().ifPresent(described::setId);
      id = new CompletableFuture<>();
      answer = id;
      for (Run run : runs.values()) {
        if (!frameworks.contains(run.framework)) {
          frameworks.add(run.framework);
        }
        tasks.add(
            new MasterLink.RunningTask(
                run.framework.getId(), run.task, run.sent.get(run.sent.size() - 1)));
      }
      registered = true;
    }
    master.register(described.build(), info.getResourcesList(), this, frameworks, tasks);
    answer.get(30, TimeUnit.SECONDS);
  }

  /** The agent's process dies. */
  void die(MasterLink master) {
    synchronized (this) {
      registered = false;
    }
    id().ifPresent(master::disconnected);
  }

  void ping(MasterLink master) {
    if (isRegistered()) {
      id().ifPresent(master::ping);
    }
  }

  synchronized boolean runs(String task) {
    return runs.containsKey(task);
  }

  /** True if that status was sent before. */
  synchronized boolean hasSent(TaskStatus status) {
    Run run = runs.get(status.getTaskId().getValue());
    return run != null && run.sent.stream().anyMatch(s -> s.getUuid().equals(status.getUuid()));
  }

  /** True if a real agent could send it now: the one before is acknowledged, a kill was asked. */
  synchronized boolean maySend(TaskStatus status) {
    Run run = runs.get(status.getTaskId().getValue());
    return run != null
        && run.sent.stream().allMatch(sent -> run.acknowledged.contains(sent.getUuid()))
        && (status.getState() != TaskState.TASK_KILLED
            || draining
            || status.hasHealthy()
            || killed.contains(status.getTaskId()));
  }

  void send(MasterLink master, TaskStatus status, TaskState latest) {
    FrameworkID framework;
    synchronized (this) {
      Run run = runs.get(status.getTaskId().getValue());
      framework = run.framework.getId();
      if (!hasSent(status)) {
        run.sent.add(status);
      }
    }
    master.statusUpdate(id().orElseThrow(), framework, status, latest);
  }

  /** Recorded agents that return do so by themselves. */
  @Override
  public synchronized void registerAgain() {}

  @Override
  public synchronized void registered(AgentID agent) {
    id.complete(agent);
  }

  @Override
  public synchronized void runTask(FrameworkInfo framework, TaskInfo task) {
    runs.put(task.getTaskId().getValue(), new Run(framework, task));
  }

  @Override
  public synchronized void killTask(
      FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
    killed.add(task);
  }

  @Override
  public synchronized void drain(DrainConfig drain) {
    draining = true;
  }

  @Override
  public synchronized void reserved(List<Resource> dynamic) {}

  @Override
  public synchronized void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
    Run run = runs.get(task.getValue());
    if (run != null) {
      run.acknowledged.add(uuid);
    }
  }

  @Override
  public synchronized void frameworkUpdated(FrameworkInfo framework) {}

  @Override
  public synchronized void shutdownFramework(FrameworkID framework) {
    runs.values().removeIf(run -> run.framework.getId().equals(framework));
  }

  @Override
  public synchronized void shutdown(String reason) {
    registered = false;
  }
}
