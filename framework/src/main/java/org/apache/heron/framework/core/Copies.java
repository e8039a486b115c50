package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.core.LifeTable.Reaction;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;

/** The lives of the containers' copies, by {@link LifeTable}. */
final class Copies {
  private final Reconciling reconciling;

  Copies(Reconciling reconciling) {
    this.reconciling = reconciling;
  }

  // --- what Mesos says ---

  void updated(Turn turn, StatusUpdate update) {
    if (update.state() != TaskState.TASK_UNKNOWN) {
      reconciling.answered(turn, update.task());
    }
    Optional<Container> owner = owner(turn, update.task());
    if (owner.isPresent()) {
      Container container = owner.get();
      react(
          turn,
          container,
          LifeTable.onUpdate(container.life(), update.state(), update.reason()),
          update);
    } else {
      stranger(turn, update);
    }
    // A new master knows no task until its agent has returned: that is to be asked again, unless
    // nothing depends on the answer any more.
    if (update.state() == TaskState.TASK_UNKNOWN && owner(turn, update.task()).isEmpty()) {
      reconciling.answered(turn, update.task());
    }
    acknowledge(turn, update);
  }

  /** The container whose current copy that is. */
  private static Optional<Container> owner(Turn turn, TaskId task) {
    return task.container()
        .flatMap(turn.containers::get)
        .filter(container -> container.isCurrent(task));
  }

  private void stranger(Turn turn, StatusUpdate update) {
    noteAttempt(turn, update.task());
    if (LifeTable.onStrangersState(update.state()) == Reaction.KILL) {
      turn.say("task " + update.task() + " is not wanted (any more); killing it");
      if (turn.mayAct()) {
        turn.send(Calls.kill(turn.id(), update.task(), update.agent()));
      }
    }
  }

  /**
   * A copy of ours with a higher attempt than any on record: its record is lost. Its number must
   * not be given again, or its end would be taken for the end of the new copy.
   */
  private static void noteAttempt(Turn turn, TaskId task) {
    Optional<ContainerId> id = task.container();
    Optional<Integer> attempt = task.attempt();
    if (id.isEmpty()
        || attempt.isEmpty()
        || !TaskId.of(
                turn.blueprint.topology(), turn.blueprint.topologyId(), id.get(), attempt.get())
            .equals(task)) {
      return;
    }
    Optional<Container> container = turn.containers.get(id.get());
    if (container.isEmpty() && attempt.get() > turn.containers.floor()) {
      turn.containers = turn.containers.withAttemptSeen(attempt.get());
      turn.recordFramework();
    }
    container
        .filter(known -> known.attempt() < attempt.get())
        .ifPresent(known -> skipTo(turn, known, attempt.get()));
  }

  private static void skipTo(Turn turn, Container container, int attempt) {
    Container raised = container.withAttemptAbove(attempt);
    if (container.life() == Life.WAITING) {
      turn.put(raised);
    } else {
      // Nothing has happened to its copy; the number is kept with the framework.
      turn.putUnrecorded(raised);
      turn.recordFramework();
    }
  }

  private static void acknowledge(Turn turn, StatusUpdate update) {
    if (turn.isSubscribed() && update.uuid().isPresent() && update.agent().isPresent()) {
      turn.send(
          Calls.acknowledge(turn.id(), update.task(), update.agent().get(), update.uuid().get()));
    }
  }

  private void react(Turn turn, Container container, Reaction reaction, StatusUpdate update) {
    switch (reaction) {
      case NOTE -> {}
      case MOVE -> move(turn, container, lifeOf(update.state()));
      case AWAIT -> await(turn, container, update);
      case FAIL -> fail(turn, container, update);
      case REPLACE -> {
        String reason = container.life() == Life.KILLING ? container.reason() : "";
        turn.put(
            container.waiting(
                reason.isEmpty() ? ended(turn, container, update) : reason, turn.now));
        turn.say("container " + container.id() + " " + ended(turn, container, update));
      }
      case KILL, DROP, ASK, READY, FORGET ->
          throw new IllegalStateException(reaction + " is no answer to a task's state");
    }
  }

  private static void fail(Turn turn, Container container, StatusUpdate update) {
    Container failed =
        container.backingOff(ended(turn, container, update), turn.timing(), turn.now);
    if (isAgentsFault(container.life(), update.state())) {
      turn.penalties =
          turn.penalties.failed(container.currentTask().agent(), failed.reason(), turn.now);
    }
    turn.put(failed);
    turn.say(
        "container "
            + container.id()
            + " (attempt "
            + container.attempt()
            + ") "
            + failed.reason()
            + "; failure "
            + failed.failures()
            + " in a row, tried again at "
            + failed.due().map(Instant::toString).orElse(""));
  }

  // A copy that never ran, on an agent that took it: launching or fetching failed there. An ERROR
  // is
  // the master's judgement of the task, and who runs and then fails does so by itself.
  private static boolean isAgentsFault(Life life, TaskState state) {
    return (life == Life.LAUNCHING || life == Life.STAGING || life == Life.STARTING)
        && (state == TaskState.TASK_FAILED
            || state == TaskState.TASK_DROPPED
            || state == TaskState.TASK_LOST);
  }

  private void move(Turn turn, Container container, Life life) {
    Container moved = container.moved(life, turn.timing(), turn.now);
    Optional<Instant> due =
        switch (life) {
          case LAUNCHING, STAGING, STARTING ->
              Optional.of(turn.now.plus(turn.timing().launchLook()));
          case KILLING -> Optional.of(turn.now.plus(turn.timing().killAgain()));
          case RUNNING, WAITING, BACKING_OFF, UNREACHABLE -> Optional.empty();
        };
    turn.put(moved.withDue(due));
    if (life == Life.RUNNING) {
      Task task = container.currentTask();
      turn.penalties = turn.penalties.forgiven(task.agent());
      turn.say("container " + container.id() + " runs on " + task.hostname() + " as " + task.id());
    }
  }

  private void await(Turn turn, Container container, StatusUpdate update) {
    Instant until = turn.now.plus(turn.timing().unreachableWaitOf(container.id()));
    Container lost =
        container
            .moved(Life.UNREACHABLE, turn.timing(), turn.now)
            .withReason(
                "out of reach on " + container.currentTask().hostname() + ": " + update.story())
            .withDue(Optional.of(until));
    turn.put(lost);
    turn.say(
        "container "
            + container.id()
            + " is "
            + lost.reason()
            + "; replaced at "
            + until
            + " unless it returns");
  }

  private static String ended(Turn turn, Container container, StatusUpdate update) {
    String story = "ended on " + container.currentTask().hostname() + ": " + update.story();
    if (update.isSlowStart()) {
      story += "; " + StatusUpdate.SLOW_START_REMEDY;
    }
    List<String> fetched = turn.blueprint.tasks().fetched();
    return (update.isFailedFetch() || update.isSlowStart()) && !fetched.isEmpty()
        ? story + "; it fetches " + String.join(" and ", fetched)
        : story;
  }

  private static Life lifeOf(TaskState state) {
    return switch (state) {
      case TASK_STAGING -> Life.STAGING;
      case TASK_STARTING -> Life.STARTING;
      case TASK_RUNNING -> Life.RUNNING;
      case TASK_KILLING -> Life.KILLING;
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_UNREACHABLE,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR,
          TASK_UNKNOWN ->
          throw new IllegalStateException(state + " names no life");
    };
  }

  // --- what else happens ---

  /** Sets the alarms of containers that were restored from records. */
  void restoreAlarms(Turn turn) {
    for (Container container : turn.containers) {
      container.due().ifPresent(due -> remind(turn, container, due));
    }
  }

  /** Sends the KILLs again that an earlier connection may have lost. */
  void killAgain(Turn turn) {
    boolean all = turn.phase == Phase.KILLING;
    for (Container container : turn.containers) {
      if (all) {
        occasion(turn, container, Occasion.KILL, "the topology is being killed");
      } else if (container.life() == Life.KILLING) {
        occasion(turn, container, Occasion.DUE, container.reason());
      }
    }
  }

  void agentLost(Turn turn, AgentId agent) {
    for (Container container : turn.containers) {
      if (container.task().map(Task::agent).filter(agent::equals).isPresent()) {
        occasion(turn, container, Occasion.AGENT_LOST, "");
      }
    }
  }

  void executorLost(Turn turn, TaskId task) {
    task.container()
        .flatMap(turn.containers::get)
        .filter(container -> container.isCurrent(task))
        .ifPresent(container -> occasion(turn, container, Occasion.EXECUTOR_LOST, ""));
  }

  /** Sets the alarm; where a clock was set back, nothing waits longer than it would from now. */
  private static void remind(Turn turn, Container container, Instant due) {
    Instant latest = turn.now.plus(turn.timing().longestWait(container));
    if (due.isAfter(latest)) {
      turn.putUnrecorded(container.withDue(Optional.of(latest)));
    } else {
      turn.timer(new Timer.Due(container.id()), due);
    }
  }

  void due(Turn turn, ContainerId id) {
    Optional<Container> found = turn.containers.get(id);
    if (found.flatMap(Container::due).isEmpty()) {
      return;
    }
    Container container = found.get();
    Instant due = container.due().orElseThrow();
    if (due.isAfter(turn.now)) {
      // An alarm of before, or a clock that was set back.
      remind(turn, container, due);
      return;
    }
    if (container.life() == Life.UNREACHABLE && !turn.isSubscribed()) {
      // Without a master nobody can say that the agent has returned: this time does not count.
      Instant until = turn.now.plus(turn.timing().unreachableWaitOf(id));
      turn.putUnrecorded(container.withDue(Optional.of(until)));
      return;
    }
    occasion(turn, container, Occasion.DUE, container.reason());
  }

  /** Does what the table says of this occasion; the reason is kept for users. */
  void occasion(Turn turn, Container container, Occasion occasion, String reason) {
    switch (LifeTable.on(container.life(), occasion)) {
      case NOTE -> {}
      case ASK -> {
        reconciling.add(turn, container.currentTask());
        if (occasion == Occasion.DUE) {
          turn.putUnrecorded(
              container.withDue(Optional.of(turn.now.plus(turn.timing().launchLook()))));
        }
      }
      case READY -> turn.put(container.waiting(container.reason(), turn.now));
      case FORGET -> turn.put(container);
      case KILL -> {
        Container dying =
            container.life() == Life.KILLING
                ? container
                : container
                    .withAim(aimOfDying(container))
                    .moved(Life.KILLING, turn.timing(), turn.now)
                    .withReason(reason);
        sendKill(turn, container);
        turn.put(dying.withDue(Optional.of(turn.now.plus(turn.timing().killAgain()))));
      }
      case DROP -> {
        sendKill(turn, container);
        turn.put(container.waiting(reason, turn.now));
        turn.say("container " + container.id() + " is given up where it was: " + reason);
      }
      case MOVE, FAIL, REPLACE, AWAIT ->
          throw new IllegalStateException("no answer to " + occasion);
    }
  }

  // Whose copy is dying is being renewed: the mark has done its work.
  private static Aim aimOfDying(Container container) {
    return container.aim() == Aim.RENEW ? Aim.RUN : container.aim();
  }

  private static void sendKill(Turn turn, Container container) {
    if (turn.mayAct()) {
      Task task = container.currentTask();
      turn.send(Calls.kill(turn.id(), task.id(), Optional.of(task.agent())));
    }
  }
}
