package org.apache.heron.minicluster.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.minicluster.agent.health.HealthChecker;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.status.TaskKey;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** One task as the agent knows it. For the agent's loop, but for {@link #isCancelled}. */
final class TaskRun {
  /** How far a task has come. */
  enum Phase {
    /** Its URIs are being fetched and its processes started. */
    LAUNCHING,
    /** Its processes run. */
    RUNNING,
    /** It has ended; its last status may still wait to be acknowledged. */
    ENDED
  }

  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);

  final AgentID agent;
  final TaskKey key;
  final TaskInfo task;
  final WorkDirectory.Run run;
  final List<TaskStatus> statuses = new ArrayList<>();

  /** Its framework, as it described itself last; launchers on other threads look at it too. */
  volatile FrameworkInfo framework;

  Phase phase = Phase.LAUNCHING;
  Optional<Container> container = Optional.empty();
  Optional<HealthChecker> healthChecker = Optional.empty();
  Optional<Boolean> healthy = Optional.empty();
  Optional<Instant> killDeadline = Optional.empty();
  Loop.Timer killTimer = () -> {};

  /** Completes when the command has been asked to end. */
  CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

  Loop.Timer completionTimer = () -> {};
  Loop.Timer registrationTimer = () -> {};
  Optional<Future<?>> launch = Optional.empty();
  boolean outOfTime;

  /** Its framework is gone: nobody is told any more. */
  boolean silent;

  private volatile boolean cancelled;

  TaskRun(AgentID agent, FrameworkInfo framework, TaskInfo task, WorkDirectory.Run run) {
    this.key = new TaskKey(framework.getId(), task.getTaskId());
    this.agent = agent;
    this.framework = framework;
    this.task = task;
    this.run = run;
  }

  /** Whom it runs as: the command's user, else the framework's (CommandInfo.user). */
  String user() {
    return task.getCommand().hasUser() ? task.getCommand().getUser() : framework.getUser();
  }

  /** The time between asking a task to end and making it: its own if the call names none. */
  Duration grace(Optional<KillPolicy> policy) {
    if (policy.isPresent() && policy.get().hasGracePeriod()) {
      return Duration.ofNanos(policy.get().getGracePeriod().getNanoseconds());
    }
    return task.getKillPolicy().hasGracePeriod()
        ? Duration.ofNanos(task.getKillPolicy().getGracePeriod().getNanoseconds())
        : DEFAULT_GRACE;
  }

  boolean isKilled() {
    return killDeadline.isPresent();
  }

  /** Keeps the history that pages show: of consecutive statuses of one state the last. */
  void remember(TaskStatus status) {
    int last = statuses.size() - 1;
    if (last >= 0 && statuses.get(last).getState() == status.getState()) {
      statuses.remove(last);
    }
    statuses.add(status);
  }

  TaskState state() {
    return statuses.isEmpty()
        ? TaskState.TASK_STAGING
        : statuses.get(statuses.size() - 1).getState();
  }

  /** Ends the launch, if it is still under way, before any process runs. */
  void cancelLaunch() {
    cancelled = true;
    launch.ifPresent(future -> future.cancel(true));
  }

  boolean isCancelled() {
    return cancelled;
  }

  void stopTimers() {
    killTimer.cancel();
    completionTimer.cancel();
    registrationTimer.cancel();
    healthChecker.ifPresent(HealthChecker::stop);
  }
}
