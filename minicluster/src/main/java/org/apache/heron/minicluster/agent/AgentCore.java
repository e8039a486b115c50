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
import org.apache.heron.minicluster.agent.status.StatusLog;
import org.apache.heron.minicluster.agent.status.StatusUpdates;
import org.apache.heron.minicluster.agent.status.TaskKey;
import org.apache.heron.minicluster.agent.status.TaskStates;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.resources.Reserved;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
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

  private final AgentSettings settings;
  private final WorkDirectory work;
  private final Loop loop;
  private final MasterConnection master;
  private final ExecutorService workers;
  private final StatusUpdates updates;
  private final TaskLifecycle lifecycle;
  private final Runnable sentAway;

  final Map<TaskKey, TaskRun> runs = new LinkedHashMap<>();
  final Deque<TaskRun> completed = new ArrayDeque<>();
  final Instant started;
  private volatile Optional<AgentID> id;
  private boolean leaving;

  /**
   * @param known the id that an earlier agent was given here
   * @param sentAway called when the master has told the agent to go and all tasks have ended
   */
  AgentCore(
      AgentSettings settings,
      WorkDirectory work,
      Optional<AgentID> known,
      Loop loop,
      MasterConnection master,
      TaskLauncher launcher,
      ExecutorService launchers,
      ExecutorService workers,
      Runnable sentAway) {
    this.settings = settings;
    this.work = work;
    this.loop = loop;
    this.master = master;
    this.workers = workers;
    this.sentAway = sentAway;
    this.started = loop.now();
    this.id = known;
    this.updates = new StatusUpdates(loop, this::sendToMaster, this::acknowledgedToTheEnd);
    this.lifecycle =
        new TaskLifecycle(
            settings.bindAddress(),
            loop,
            launcher,
            launchers,
            settings.registrationLimit(),
            workers,
            updates,
            this::endedSilently);
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
    master.register(id, total(), this, List.copyOf(runs.values()));
  }

  /** What it was started with, and of that reserved what is on record. */
  private Resources total() {
    Resources started = Resources.of(settings.resources());
    try {
      Resources onRecord = Resources.of(work.reserved());
      Optional<Resources> total = Reserved.apply(started, onRecord);
      if (total.isEmpty()) {
        LOG.warn("{} was reserved but is no longer here, it is forgotten", onRecord);
        work.recordReserved(List.of());
      }
      return total.orElse(started);
    } catch (IOException e) {
      LOG.error("cannot read which resources are reserved in {}", work.root(), e);
      return started;
    }
  }

  @Override
  public void reserved(List<Resource> dynamic) {
    List<Resource> kept = List.copyOf(dynamic);
    loop.execute(
        () -> {
          try {
            work.recordReserved(kept);
          } catch (IOException e) {
            LOG.error("cannot put reservations on record: a restart will not know them", e);
          }
        });
  }

  @Override
  public void registerAgain() {
    loop.execute(this::register);
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
      for (Recovery.Survivor survivor : Recovery.survivors(work, id.get())) {
        updates.recover(survivor.run().key, survivor.log(), survivor.contents());
        runs.put(survivor.run().key, survivor.run());
        goOn(survivor);
      }
    } catch (IOException e) {
      LOG.error("cannot read what the agent before left in {}", work.root(), e);
    }
  }

  private void goOn(Recovery.Survivor survivor) {
    TaskRun run = survivor.run();
    if (TaskStates.isTerminal(run.state())) {
      run.phase = TaskRun.Phase.ENDED;
      if (survivor.contents().pending().isEmpty()) {
        endedSilently(run);
      }
      return;
    }
    Optional<Container> begun = run.container.filter(Container::hasBegun);
    if (begun.isEmpty()) {
      lifecycle.ended(run, Optional.empty());
      return;
    }
    LOG.info("{} goes on, process {}", run.key, begun.get().executorPid());
    lifecycle.adopt(run, begun.get(), survivor.killDeadline());
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
    TaskRun run = new TaskRun(knownId(), framework, task, directories);
    runs.put(key, run);
    updates.open(key, new StatusLog(directories.statusLog()));
    lifecycle.launch(run);
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
        Optional.empty());
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
            lifecycle.kill(run, run.grace(policy));
          }
        });
  }

  @Override
  public void drain(DrainConfig drain) {
    loop.execute(
        () -> {
          lifecycle.drains(Optional.of(drain));
          for (TaskRun run : List.copyOf(runs.values())) {
            Duration grace = run.grace(Optional.empty());
            if (drain.hasMaxGracePeriod()) {
              Duration most = Duration.ofNanos(drain.getMaxGracePeriod().getNanoseconds());
              grace = grace.compareTo(most) > 0 ? most : grace;
            }
            lifecycle.kill(run, grace);
          }
          drainedIfEmpty();
        });
  }

  private void drainedIfEmpty() {
    if (runs.isEmpty()) {
      lifecycle.drains(Optional.empty());
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
          endedSilently(run);
        } else {
          lifecycle.kill(run, run.grace(Optional.empty()));
        }
      }
    }
  }

  // ---- the end of a task ----

  @Override
  public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
    loop.execute(() -> updates.acknowledge(new TaskKey(framework, task), uuid));
  }

  private void endedSilently(TaskRun run) {
    updates.close(run.key);
    acknowledgedToTheEnd(run.key);
  }

  /** How many tasks ended in each state since the start. */
  Map<TaskState, Long> endings() {
    return lifecycle.endings();
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
