package org.apache.heron.minicluster.agent;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.process.ExitStatus;
import org.apache.heron.minicluster.agent.status.StatusLog;
import org.apache.heron.minicluster.agent.status.StatusUpdates;
import org.apache.heron.minicluster.agent.status.TaskKey;
import org.apache.heron.minicluster.agent.status.TaskStates;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent knows and decides. Every field belongs to the loop's thread; what blocks is done by
 * launchers and workers, which come back through the loop.
 */
final class AgentCore implements AgentLink {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCore.class);

  /** What a killed command's children may take to end by themselves; Mesos' executor lingers so. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** How soon the end of a process that is not our child is noticed. */
  private static final Duration RECOVERED_POLL = Duration.ofMillis(50);

  private final AgentSettings settings;
  private final WorkDirectory work;
  private final Loop loop;
  private final MasterConnection master;
  private final TaskLauncher launcher;
  private final HealthChecks healthChecks;
  private final ExecutorService launchers;
  private final ExecutorService workers;
  private final Statuses wording;
  private final StatusUpdates updates;
  private final Runnable sentAway;

  final Map<TaskKey, TaskRun> runs = new LinkedHashMap<>();
  final Deque<TaskRun> completed = new ArrayDeque<>();
  private volatile Optional<AgentID> id;
  private Optional<DrainConfig> draining = Optional.empty();
  private boolean leaving;

  /**
   * @param sentAway called when the master has told the agent to go and all tasks have ended
   */
  AgentCore(
      AgentSettings settings,
      WorkDirectory work,
      Loop loop,
      MasterConnection master,
      TaskLauncher launcher,
      ExecutorService launchers,
      ExecutorService workers,
      Runnable sentAway)
      throws IOException {
    this.settings = settings;
    this.work = work;
    this.loop = loop;
    this.master = master;
    this.launcher = launcher;
    this.launchers = launchers;
    this.workers = workers;
    this.sentAway = sentAway;
    this.id = work.agent();
    this.wording = new Statuses(settings.bindAddress());
    this.healthChecks = new HealthChecks(settings.bindAddress(), launcher, loop, workers);
    this.updates = new StatusUpdates(loop, this::sendToMaster, this::acknowledgedToTheEnd);
  }

  Optional<AgentID> id() {
    return id;
  }

  private AgentID knownId() {
    return id.orElseThrow(() -> new IllegalStateException("the agent is not registered yet"));
  }

  private void sendToMaster(TaskKey task, TaskStatus status, TaskState latest) {
    master.link().statusUpdate(knownId(), task.framework(), status, latest);
  }

  // ---- registration ----

  /** Takes over what an earlier agent left, then registers. */
  void start() {
    loop.execute(
        () -> {
          recover();
          register();
        });
  }

  /** Registers (again), with the id and tasks that it has. */
  void register() {
    updates.pause();
    master.register(id, this, List.copyOf(runs.values()));
  }

  @Override
  public void registered(AgentID agent) {
    loop.execute(
        () -> {
          if (!id.equals(Optional.of(agent))) {
            id = Optional.of(agent);
            try {
              work.recordAgent(agent);
            } catch (IOException e) {
              LOG.error("cannot put agent id {} on record: a restart will not know it", agent, e);
            }
          }
          updates.resume();
          master.startPings(agent);
        });
  }

  private void recover() {
    if (id.isEmpty()) {
      return;
    }
    try {
      for (WorkDirectory.Unfinished unfinished : work.unfinished(id.get())) {
        TaskRun run = new TaskRun(unfinished.framework(), unfinished.task(), unfinished.run());
        StatusLog log = new StatusLog(run.run.statusLog());
        StatusLog.Contents contents = log.read();
        contents.all().forEach(run::remember);
        updates.recover(run.key, log, contents);
        runs.put(run.key, run);
        recover(run, contents);
      }
    } catch (IOException e) {
      LOG.error("cannot read what the agent before left in {}", work.root(), e);
    }
  }

  private void recover(TaskRun run, StatusLog.Contents contents) {
    run.container = Container.recover(run.run.records(), run.run.sandbox());
    contents.all().stream()
        .filter(TaskStatus::hasHealthy)
        .reduce((earlier, later) -> later)
        .ifPresent(status -> run.healthy = Optional.of(status.getHealthy()));
    if (TaskStates.isTerminal(run.state())) {
      run.phase = TaskRun.Phase.ENDED;
      if (contents.pending().isEmpty()) {
        updates.close(run.key);
        acknowledgedToTheEnd(run.key);
      }
      return;
    }
    if (run.container.isEmpty()) {
      ended(run, Optional.empty());
      return;
    }
    LOG.info("{} goes on, process {}", run.key, run.container.get().executorPid());
    running(run, run.container.get());
    pollRecovered(run);
  }

  private void pollRecovered(TaskRun run) {
    if (run.phase == TaskRun.Phase.RUNNING) {
      run.container.ifPresent(Container::poll);
      loop.after(RECOVERED_POLL, () -> pollRecovered(run));
    }
  }

  // ---- tasks ----

  @Override
  public void runTask(FrameworkInfo framework, TaskInfo task) {
    loop.execute(() -> launch(framework, task));
  }

  private void launch(FrameworkInfo framework, TaskInfo task) {
    TaskKey key = new TaskKey(framework.getId(), task.getTaskId());
    if (runs.containsKey(key) || leaving) {
      LOG.warn("{} is not launched: {}", key, leaving ? "the agent leaves" : "it is here already");
      return;
    }
    WorkDirectory.Run directories;
    try {
      directories = work.create(knownId(), framework, task, UUID.randomUUID().toString());
    } catch (IOException e) {
      LOG.error("no sandbox for {}", key, e);
      master
          .link()
          .statusUpdate(knownId(), framework.getId(), noSandbox(task, e), TaskState.TASK_FAILED);
      return;
    }
    TaskRun run = new TaskRun(framework, task, directories);
    runs.put(key, run);
    updates.open(key, new StatusLog(directories.statusLog()));
    AgentID agent = knownId();
    run.launch = Optional.of(launchers.submit(() -> launchOnWorker(run, agent)));
  }

  private TaskStatus noSandbox(TaskInfo task, IOException error) {
    return Statuses.complete(
        TaskStatus.newBuilder()
            .setTaskId(task.getTaskId())
            .setState(TaskState.TASK_FAILED)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED)
            .setMessage("Failed to launch container: " + error.getMessage()),
        knownId(),
        loop.now(),
        draining);
  }

  private void launchOnWorker(TaskRun run, AgentID agent) {
    try {
      Container container = launcher.launch(run, agent);
      loop.execute(() -> started(run, container));
    } catch (LaunchException e) {
      LOG.info("{}: {}", run.key, e.getMessage(), e.getCause());
      loop.execute(() -> launchFailed(run, e.getMessage()));
    } catch (InterruptedException e) {
      LOG.debug("the launch of {} was cancelled", run.key, e);
    } catch (RuntimeException e) { // the thread's edge
      LOG.error("the launch of {} failed", run.key, e);
      loop.execute(() -> launchFailed(run, "Failed to launch container: " + e));
    }
  }

  private void launchFailed(TaskRun run, String message) {
    if (run.phase != TaskRun.Phase.ENDED) {
      run.phase = TaskRun.Phase.ENDED;
      send(
          run,
          wording.fromAgent(
              run,
              TaskState.TASK_FAILED,
              TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED,
              message));
    }
  }

  private void started(TaskRun run, Container container) {
    if (run.phase == TaskRun.Phase.ENDED) { // killed while it was being started
      workers.execute(() -> container.destroy(Duration.ZERO));
      return;
    }
    run.container = Optional.of(container);
    send(run, wording.fromExecutor(run, TaskState.TASK_STARTING));
    send(run, wording.fromExecutor(run, TaskState.TASK_RUNNING));
    running(run, container);
  }

  private void running(TaskRun run, Container container) {
    run.phase = TaskRun.Phase.RUNNING;
    container.exited().thenRun(() -> workers.execute(() -> afterExit(run, container)));
    if (run.task.hasHealthCheck()) {
      run.healthChecker =
          healthChecks.begin(run, knownId(), (healthy, kill) -> healthChanged(run, healthy, kill));
    }
    if (run.task.hasMaxCompletionTime()) {
      run.completionTimer =
          loop.after(
              Duration.ofNanos(run.task.getMaxCompletionTime().getNanoseconds()),
              () -> {
                run.outOfTime = true;
                kill(run, run.grace(Optional.empty()));
              });
    }
  }

  private void afterExit(TaskRun run, Container container) {
    container.destroy(run.isKilled() ? LINGER : Duration.ZERO);
    Optional<ExitStatus> exit = container.exitStatus();
    loop.execute(() -> ended(run, exit));
  }

  private void ended(TaskRun run, Optional<ExitStatus> exit) {
    if (run.phase != TaskRun.Phase.ENDED) {
      run.phase = TaskRun.Phase.ENDED;
      run.stopTimers();
      send(run, wording.ended(run, exit));
    }
  }

  private void healthChanged(TaskRun run, boolean healthy, boolean kill) {
    run.healthy = Optional.of(healthy);
    if (run.phase == TaskRun.Phase.RUNNING && !run.isKilled()) {
      send(
          run,
          wording
              .fromExecutor(run, TaskState.TASK_RUNNING)
              .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED));
      if (kill) {
        kill(run, run.grace(Optional.empty()));
      }
    }
  }

  private void send(TaskRun run, TaskStatus.Builder status) {
    TaskStatus complete = Statuses.complete(status, knownId(), loop.now(), draining);
    run.remember(complete);
    if (run.silent) {
      if (TaskStates.isTerminal(complete.getState())) {
        updates.close(run.key);
        acknowledgedToTheEnd(run.key);
      }
      return;
    }
    updates.update(run.key, complete);
  }

  // ---- kills ----

  @Override
  public void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
    loop.execute(
        () -> {
          TaskRun run = runs.get(new TaskKey(framework, task));
          if (run == null) {
            LOG.info("{} is not killed: it is not here", new TaskKey(framework, task));
          } else {
            kill(run, run.grace(policy));
          }
        });
  }

  /** Asks a task to end within the grace period; asked again, only an earlier end is heard. */
  private void kill(TaskRun run, Duration grace) {
    if (run.phase == TaskRun.Phase.ENDED) {
      return;
    }
    if (run.phase == TaskRun.Phase.LAUNCHING) {
      run.phase = TaskRun.Phase.ENDED;
      run.cancelLaunch();
      send(
          run,
          wording.fromAgent(
              run,
              TaskState.TASK_KILLED,
              TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
              "Killed before delivery to the executor"));
      return;
    }
    Instant deadline = loop.now().plus(grace);
    boolean first = run.killDeadline.isEmpty();
    if (!first && !deadline.isBefore(run.killDeadline.get())) {
      return;
    }
    run.killDeadline = Optional.of(deadline);
    run.killTimer.cancel();
    Container container = run.container.orElseThrow();
    if (first) {
      run.healthChecker.ifPresent(checker -> checker.stop());
      if (reportsKilling(run.framework)) {
        send(run, wording.fromExecutor(run, TaskState.TASK_KILLING));
      }
      workers.execute(container::terminate);
    }
    run.killTimer = loop.after(grace, () -> workers.execute(container::kill));
  }

  private static boolean reportsKilling(FrameworkInfo framework) {
    return framework.getCapabilitiesList().stream()
        .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
  }

  @Override
  public void drain(DrainConfig drain) {
    loop.execute(
        () -> {
          draining = Optional.of(drain);
          for (TaskRun run : List.copyOf(runs.values())) {
            Duration grace = run.grace(Optional.empty());
            if (drain.hasMaxGracePeriod()) {
              Duration most = Duration.ofNanos(drain.getMaxGracePeriod().getNanoseconds());
              grace = grace.compareTo(most) > 0 ? most : grace;
            }
            kill(run, grace);
          }
          drainedIfEmpty();
        });
  }

  private void drainedIfEmpty() {
    if (runs.isEmpty()) {
      draining = Optional.empty();
      if (leaving) {
        sentAway.run();
      }
    }
  }

  @Override
  public void frameworkUpdated(FrameworkInfo framework) {
    loop.execute(
        () -> {
          for (TaskRun run : runs.values()) {
            if (run.key.framework().equals(framework.getId())) {
              run.framework = framework;
            }
          }
          updates.resend(framework.getId());
        });
  }

  @Override
  public void shutdownFramework(FrameworkID framework) {
    loop.execute(() -> killSilently(run -> run.key.framework().equals(framework)));
  }

  @Override
  public void shutdown(String reason) {
    loop.execute(
        () -> {
          LOG.info("the master sends the agent away: {}", reason);
          leave();
        });
  }

  /** Ends every task without a word, then says that it is done. */
  void leave() {
    leaving = true;
    master.stopPings();
    updates.pause();
    killSilently(run -> true);
    drainedIfEmpty();
  }

  private void killSilently(java.util.function.Predicate<TaskRun> which) {
    for (TaskRun run : List.copyOf(runs.values())) {
      if (which.test(run)) {
        run.silent = true;
        if (run.phase == TaskRun.Phase.ENDED) {
          updates.close(run.key);
          acknowledgedToTheEnd(run.key);
        } else {
          kill(run, run.grace(Optional.empty()));
        }
      }
    }
  }

  // ---- the end of a task ----

  @Override
  public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
    loop.execute(() -> updates.acknowledge(new TaskKey(framework, task), uuid));
  }

  private void acknowledgedToTheEnd(TaskKey key) {
    TaskRun run = runs.remove(key);
    if (run == null) {
      return;
    }
    completed.add(run);
    List<TaskRun> surplus = new ArrayList<>();
    while (completed.size() > settings.keptSandboxes()) {
      surplus.add(completed.poll());
    }
    workers.execute(
        () -> {
          try {
            run.run.complete();
            for (TaskRun old : surplus) {
              work.delete(old.run);
            }
          } catch (IOException e) {
            LOG.warn("cannot tidy up after {}", key, e);
          }
        });
    drainedIfEmpty();
  }

  /** Tasks that do not outlive their agent, for their framework does not checkpoint. */
  List<TaskRun> mortal() {
    return runs.values().stream().filter(run -> !run.framework.getCheckpoint()).toList();
  }
}
