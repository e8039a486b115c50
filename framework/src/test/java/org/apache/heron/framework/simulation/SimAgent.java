package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * An agent and what runs on it. It behaves as the recordings agent-lost, unacknowledged,
 * task-failures and master-failover show: a task's updates wait for each other and come again until
 * they are acknowledged (10 s, then doubled), and an agent that returns tells the master all that
 * it runs.
 */
final class SimAgent {
  private static final long RESEND_FIRST = 10_000;
  private static final long RESEND_LONGEST = 600_000;

  final String id;
  final String host;
  final Holding total;

  /** What its operator calls its rack. */
  final String rack;

  final Map<String, Copy> copies = new LinkedHashMap<>();
  private final World world;
  private final Dice dice;

  /** Its process is up and the network between it and the master works. */
  boolean linked = true;

  /** It was told never to come back. */
  boolean discarded;

  /** The operator has said that it and its tasks are gone, which frees the scheduler of them. */
  boolean vouchedGone;

  /** The next messages to it are lost. */
  int deaf;

  /** The next messages from it are lost. */
  int mute;

  /** Until then messages take long. */
  long slowUntil;

  /** Until then others use all that it has left. */
  long crowdedUntil;

  /** The master that it has registered with. */
  int registeredWith;

  /** It was told to drain. */
  private boolean draining;

  SimAgent(World world, String id, String host, String rack, Holding total) {
    this.world = world;
    this.id = id;
    this.host = host;
    this.rack = rack;
    this.total = total;
    this.dice = new Dice(world.history.seed(), id);
  }

  private long latency() {
    return world.agenda.now() < slowUntil ? dice.between(200, 8_000) : dice.between(1, 15);
  }

  /** A message from the master, which may be lost as all between masters and agents. */
  void told(int incarnation, Runnable work) {
    if (deaf > 0) {
      deaf--;
      world.timeline.add(host, () -> "does not get a message of the master");
      // A lost message is a broken connection: the agent finds out and registers again.
      registerSoon(30_000);
      return;
    }
    world.agenda.after(
        latency(),
        () -> {
          if (linked && !discarded && incarnation >= registeredWith) {
            work.run();
          }
        });
  }

  private void tell(Runnable work) {
    int incarnation = world.master.incarnation;
    if (mute > 0) {
      mute--;
      world.timeline.add(host, () -> "a message to the master is lost");
    } else if (linked && !discarded) {
      world.agenda.after(
          latency(),
          () -> {
            if (linked && world.master.isUp(incarnation)) {
              work.run();
            }
          });
    }
  }

  // --- its tie with the master ---

  void registerSoon(long longest) {
    world.agenda.after(dice.between(1, Math.max(1, longest)), this::register);
  }

  private void register() {
    if (!linked || discarded || !world.master.isUp()) {
      return;
    }
    registeredWith = world.master.incarnation;
    world.master.agents.register(this);
  }

  /** Sends again what is not acknowledged, as an agent does when it has registered. */
  void resumeUpdates() {
    for (Copy copy : copies.values()) {
      copy.sent = 0;
      send(copy);
    }
  }

  void cut(boolean noticed) {
    if (linked && !discarded) {
      linked = false;
      world.master.agents.silent(this, noticed);
    }
  }

  void back() {
    if (!linked && !discarded) {
      linked = true;
      registerSoon(5_000);
    }
  }

  /** The machine starts anew: nothing of what ran is left, and no update of it is ever sent. */
  void reboot() {
    for (Copy copy : copies.values()) {
      die(copy);
      copy.unacknowledged.clear();
    }
    copies.clear();
  }

  /** The master has no place for it any more. */
  void shutDown() {
    world.timeline.add(host, () -> "shuts down for good");
    reboot();
    discarded = true;
  }

  void shutDownFramework(String framework) {
    for (Copy copy : new ArrayList<>(copies.values())) {
      if (copy.framework.equals(framework)) {
        die(copy);
        copy.unacknowledged.clear();
        cancelResend(copy);
        copies.remove(copy.id);
      }
    }
  }

  // --- tasks ---

  void run(Copy copy) {
    if (copies.containsKey(copy.id) || copy.being == Copy.Being.DEAD) {
      return;
    }
    copies.put(copy.id, copy);
    copy.being = Copy.Being.LIVE;
    world.begins(copy);
    world.agenda.after(
        dice.between(100, 4_000), () -> advance(copy, TaskState.TASK_STARTING, "", ""));
    if (draining) {
      kill(copy, "REASON_AGENT_DRAINING");
    }
  }

  private void advance(Copy copy, TaskState next, String message, String reason) {
    if (!copy.isLive() || copy.dying) {
      return;
    }
    if (next == TaskState.TASK_STARTING && world.failsNow(copy.container)) {
      end(copy, TaskState.TASK_FAILED, "Command exited with status 1", "");
      return;
    }
    report(copy, next, message, reason);
    if (next == TaskState.TASK_STARTING) {
      world.agenda.after(
          dice.between(10, 500), () -> advance(copy, TaskState.TASK_RUNNING, message, reason));
    } else if (next == TaskState.TASK_RUNNING) {
      copy.ranFrom = world.agenda.now();
    }
  }

  /** The task ends by itself, or by someone's hand on the machine. */
  void end(Copy copy, TaskState state, String message, String reason) {
    if (copy.isLive()) {
      die(copy);
      report(copy, state, message, reason);
    }
  }

  private void die(Copy copy) {
    copy.being = Copy.Being.DEAD;
    copy.endedAt = world.agenda.now();
  }

  void kill(String task) {
    Copy copy = copies.get(task);
    if (copy != null) {
      kill(copy, "");
    }
  }

  private void kill(Copy copy, String reason) {
    if (copy.isLive() && !copy.dying) {
      copy.dying = true;
      world.timeline.add(host, () -> "kills " + copy);
      world.agenda.after(
          dice.chance(0.7) ? dice.between(5, 300) : dice.between(300, 10_000),
          () -> end(copy, TaskState.TASK_KILLED, "Command terminated with signal", reason));
    }
  }

  /** Kills all that runs here, and what still comes; unless it is late news. */
  void drain() {
    draining = world.master.maintenance.isDraining(this);
    if (draining) {
      hosted().forEach(copy -> kill(copy, "REASON_AGENT_DRAINING"));
    }
  }

  void reactivated() {
    draining = false;
  }

  /** The executor says once more what it said. */
  void repeat(Copy copy) {
    if (copy.isLive() && copy.state == TaskState.TASK_RUNNING) {
      report(copy, TaskState.TASK_RUNNING, "still running", "");
    }
  }

  private void report(Copy copy, TaskState state, String message, String reason) {
    copy.state = state;
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(copy.id))
            .setAgentId(AgentID.newBuilder().setValue(id))
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(copy.nextUuid());
    if (!message.isEmpty()) {
      status.setMessage(message);
    }
    if (!reason.isEmpty()) {
      status.setReason(TaskStatus.Reason.valueOf(reason));
    }
    world.timeline.add(host, () -> copy + " is " + state);
    copy.unacknowledged.add(status.build());
    if (copy.unacknowledged.size() == 1) {
      copy.sent = 0;
      send(copy);
    }
  }

  private void send(Copy copy) {
    TaskStatus status = copy.unacknowledged.peek();
    if (status == null || discarded) {
      return;
    }
    tell(() -> world.master.agents.updated(this, copy, status));
    long wait = Math.min(RESEND_LONGEST, RESEND_FIRST << Math.min(copy.sent, 10));
    copy.sent++;
    cancelResend(copy);
    copy.resend = world.agenda.after(wait, () -> send(copy));
  }

  private static void cancelResend(Copy copy) {
    if (copy.resend != null) {
      copy.resend.cancel();
    }
  }

  /** The framework has taken in the update of that uuid. */
  void acknowledged(String task, com.google.protobuf.ByteString uuid) {
    Copy copy = copies.get(task);
    if (copy != null
        && !copy.unacknowledged.isEmpty()
        && copy.unacknowledged.peek().getUuid().equals(uuid)) {
      boolean last = Copy.isTerminal(copy.unacknowledged.remove().getState());
      cancelResend(copy);
      copy.sent = 0;
      if (last) {
        copies.remove(task);
      } else {
        send(copy);
      }
    }
  }

  /** What it runs, or has not been able to tell the end of. */
  List<Copy> hosted() {
    return new ArrayList<>(copies.values());
  }

  @Override
  public String toString() {
    return host;
  }
}
