package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.process.ExitStatus;
import org.apache.heron.minicluster.agent.status.StatusUpdates;
import org.apache.heron.minicluster.agent.status.TaskStates;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks from their launch to their end and tells each step. For the loop's thread; what
 * blocks is done by launchers and workers, which come back through the loop.
 */
final class TaskLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TaskLifecycle.class);

  /** What a killed command's children may take to end by themselves; Mesos' executor lingers so. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** How soon the end of a process that is not our child is noticed. */
  private static final Duration RECOVERED_POLL = Duration.ofMillis(50);

  private final Loop loop;
  private final TaskLauncher launcher;
  private final HealthChecks healthChecks;
  private final ExecutorService launchers;
  private final Duration registrationLimit;
  private final ExecutorService workers;
  private final Statuses wording;
  private final StatusUpdates updates;
  private final Consumer<TaskRun> endedSilently;
  private final Map<TaskState, Long> endings = new EnumMap<>(TaskState.class);
  private Optional<DrainConfig> draining = Optional.empty();

  /**
   * @param registrationLimit after which a launch fails whose processes do not run
   * @param endedSilently called when a task has ended of which nobody is told
   */
  TaskLifecycle(
      String address,
      Loop loop,
      TaskLauncher launcher,
      ExecutorService launchers,
      Duration registrationLimit,
      ExecutorService workers,
      StatusUpdates updates,
      Consumer<TaskRun> endedSilently) {
    this.loop = loop;
    this.launcher = launcher;
    this.healthChecks = new HealthChecks(address, launcher, loop, workers);
    this.launchers = launchers;
    this.registrationLimit = registrationLimit;
    this.workers = workers;
    this.wording = new Statuses(address);
    this.updates = updates;
    this.endedSilently = endedSilently;
  }

  /** How many tasks ended in each state. */
  Map<TaskState, Long> endings() {
    return endings;
  }

  /** From now on, or no longer, a kill is told with the reason that the agent drains. */
  void drains(Optional<DrainConfig> drain) {
    draining = drain;
  }

  /** Begins a task's launch. */
  void launch(TaskRun run) {
    run.launch = Optional.of(launchers.submit(() -> launchOnWorker(run, run.agent)));
  }

  /**
   * Goes on with a task whose processes an earlier agent started.
   *
   * @param killDeadline by when it must have ended, if that agent had asked it to
   */
  void adopt(TaskRun run, Container container, Optional<Instant> killDeadline) {
    // The earlier agent may have died between starting it and saying so.
    TaskState told = run.state();
    if (told == TaskState.TASK_STAGING) {
      send(run, wording.fromExecutor(run, TaskState.TASK_STARTING));
    }
    if (told == TaskState.TASK_STAGING || told == TaskState.TASK_STARTING) {
      send(run, wording.fromExecutor(run, TaskState.TASK_RUNNING));
    }
    running(run, container);
    // Before its end is looked for: one that has ended meanwhile was killed, it did not fail.
    killDeadline.ifPresent(deadline -> kill(run, Duration.between(loop.now(), deadline)));
    pollRecovered(run);
  }

  private void pollRecovered(TaskRun run) {
    if (run.phase == TaskRun.Phase.RUNNING) {
      run.container.ifPresent(Container::poll);
      loop.after(RECOVERED_POLL, () -> pollRecovered(run));
    }
  }

  private void launchOnWorker(TaskRun run, AgentID agent) {
    loop.execute(() -> limit(run));
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

  // Mesos' clock runs from the containerizer's launch on, so what is fetched counts. Here a launch
  // first waits for its turn, which Mesos does not know, and which does not count.
  private void limit(TaskRun run) {
    if (run.phase == TaskRun.Phase.LAUNCHING) {
      run.registrationTimer = loop.after(registrationLimit, () -> notRegistered(run));
    }
  }

  private void notRegistered(TaskRun run) {
    if (run.phase == TaskRun.Phase.LAUNCHING) {
      run.phase = TaskRun.Phase.ENDED;
      run.cancelLaunch();
      send(run, wording.notRegistered(run, registrationLimit));
    }
  }

  private void launchFailed(TaskRun run, String message) {
    if (run.phase != TaskRun.Phase.ENDED) {
      run.phase = TaskRun.Phase.ENDED;
      run.stopTimers();
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
    run.registrationTimer.cancel();
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
          healthChecks.begin(run, run.agent, (healthy, kill) -> healthChanged(run, healthy, kill));
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

  /** Its processes are gone. */
  void ended(TaskRun run, Optional<ExitStatus> exit) {
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
    TaskStatus complete = Statuses.complete(status, run.agent, loop.now(), draining);
    run.remember(complete);
    boolean terminal = TaskStates.isTerminal(complete.getState());
    if (terminal) {
      endings.merge(complete.getState(), 1L, Long::sum);
    }
    if (!run.silent) {
      updates.update(run.key, complete);
    } else if (terminal) {
      endedSilently.accept(run);
    }
  }

  /** Asks a task to end within the grace period; asked again, only an earlier end is heard. */
  void kill(TaskRun run, Duration grace) {
    if (run.phase == TaskRun.Phase.ENDED) {
      return;
    }
    if (run.phase == TaskRun.Phase.LAUNCHING) {
      run.phase = TaskRun.Phase.ENDED;
      run.stopTimers();
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
    try {
      run.run.recordKill(deadline);
    } catch (IOException e) {
      LOG.error("cannot put the kill of {} on record: a restart will not know it", run.key, e);
    }
    run.killTimer.cancel();
    Container container = run.container.orElseThrow();
    if (first) {
      run.healthChecker.ifPresent(checker -> checker.stop());
      if (reportsKilling(run.framework) && run.state() != TaskState.TASK_KILLING) {
        send(run, wording.fromExecutor(run, TaskState.TASK_KILLING));
      }
      run.asked = CompletableFuture.runAsync(container::terminate, workers);
    }
    // Never before it was asked, be the period ever so short: as recorded (drain.jsonl, with none)
    // a command then still dies of SIGTERM, which was sent first.
    run.killTimer =
        loop.after(
            grace.isNegative() ? Duration.ZERO : grace,
            () -> run.asked.thenRunAsync(container::kill, workers));
  }

  private static boolean reportsKilling(FrameworkInfo framework) {
    return framework.getCapabilitiesList().stream()
        .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
  }
}
