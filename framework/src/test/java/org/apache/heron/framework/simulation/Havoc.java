package org.apache.heron.framework.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.SimulatedZooKeeper.Fate;
import org.apache.mesos.v1.Protos.TaskState;

/** What faults do to the world, and how it recovers of itself. */
final class Havoc {
  /** For what a scheduler that was held up has to catch up with: retries, reconnections. */
  private static final long AFTERMATH = 40_000;

  private final World world;
  private boolean healed;

  Havoc(World world) {
    this.world = world;
  }

  Optional<SchedulerProcess> leader() {
    return world.leader();
  }

  // --- scheduler processes ---

  void startAnother(long after) {
    world.disturbed(after + AFTERMATH);
    world.agenda.after(after, this::start);
  }

  private void start() {
    if (world.over) {
      return;
    }
    SchedulerProcess process = new SchedulerProcess(world, world.processes.size() + 1);
    world.processes.add(process);
    process.start();
  }

  /** An operator sees to it that a scheduler runs while there is anything on record. */
  void restartIfNeeded() {
    startWhenNoneRuns(10_000);
  }

  private void startWhenNoneRuns(long after) {
    world.disturbed(after + AFTERMATH);
    world.agenda.after(
        after,
        () -> {
          if (world.leader().isEmpty() && !world.over) {
            if (world.commands.killWanted() && !world.zooKeeper.hasNodes()) {
              // Nothing is on record: the kill had come to its end before its process did.
              world.over = true;
            } else {
              start();
            }
          }
        });
  }

  void kill(SchedulerProcess process, long away, long unnoticed) {
    world.disturbed(away + unnoticed + AFTERMATH);
    process.die(unnoticed);
    startWhenNoneRuns(healed ? 1 : away);
  }

  void pause(SchedulerProcess process, long wait) {
    world.disturbed(wait + AFTERMATH);
    process.pause(wait);
  }

  void jumpClock(SchedulerProcess process, long by) {
    world.timeline.add(process.toString(), () -> "clock jumps by " + by + " ms");
    world.disturbed(AFTERMATH);
    process.jumpClock(by);
  }

  void stall(SchedulerProcess process, long wait) {
    world.disturbed(wait + AFTERMATH);
    process.wire.stall(wait);
  }

  // --- master and agents ---

  void failOverMaster(long away, boolean keepsRegistry) {
    world.disturbed(away + AFTERMATH);
    world.master.failOver(away, keepsRegistry);
  }

  void refuse(long wait) {
    world.disturbed(wait + AFTERMATH);
    world.master.refusingUntil = world.agenda.now() + wait;
    // It is of no consequence until the framework has to subscribe anew.
    leader().ifPresent(leader -> leader.wire.cut());
  }

  void tearDownByOperator() {
    world
        .zooKeeper
        .framework()
        .flatMap(record -> record.frameworkId())
        .map(world.master.frameworks::get)
        .ifPresent(world.master::remove);
  }

  private SimAgent agent(int number) {
    return world.agents.get(number % world.agents.size());
  }

  void cutAgent(int number, boolean noticed, long away, boolean reboots) {
    SimAgent agent = agent(number);
    agent.cut(noticed);
    if (reboots) {
      agent.reboot();
    }
    world.agenda.after(away, agent::back);
  }

  void markGone(int number) {
    SimAgent agent = agent(number);
    if (world.master.isUp() && !agent.vouchedGone) {
      world.master.agents.markGone(agent);
      world.addAgent();
    }
  }

  void loseMessages(int number, int deaf, int mute) {
    agent(number).deaf += deaf;
    agent(number).mute += mute;
  }

  void slowAgent(int number, long wait) {
    world.disturbed(wait + AFTERMATH);
    agent(number).slowUntil = world.agenda.now() + wait;
  }

  void crowdAgent(int number, long wait) {
    agent(number).crowdedUntil = world.agenda.now() + wait;
    rescind();
  }

  void rescind() {
    world.master.offers.rescindAll();
  }

  // --- tasks ---

  private int container(int number) {
    return number % world.history.setting().containers();
  }

  void endTask(int number, TaskState state) {
    int container = container(number);
    for (Copy copy : List.copyOf(world.copies.values())) {
      if (copy.container == container && copy.isLive()) {
        copy.agent.end(copy, state, "Command exited with status 1", "");
      }
    }
  }

  void keepFailing(int number, long wait) {
    world.failingUntil.put(container(number), world.agenda.now() + wait);
    endTask(number, TaskState.TASK_FAILED);
  }

  void burst(int updates) {
    for (Copy copy : List.copyOf(world.copies.values())) {
      for (int i = 0; i < updates; i++) {
        copy.agent.repeat(copy);
      }
    }
  }

  // --- ZooKeeper ---

  void closeZooKeeper(long wait) {
    world.disturbed(wait + AFTERMATH);
    world.weather.away(wait);
  }

  void loseAnswers(Fate fate, int writes) {
    world.disturbed(AFTERMATH);
    world.weather.loseAnswers(fate, writes);
  }

  // --- users ---

  void userRestarts(Optional<Integer> container, int parallel) {
    world.commands.restart(container.map(this::container), parallel);
  }

  /** Adds containers at the end of the plan, or takes some away; changes the size of one. */
  void userScales(int difference, Optional<Integer> resized) {
    Map<ContainerId, Size> wanted = new TreeMap<>(world.plan);
    int last = wanted.keySet().stream().mapToInt(ContainerId::value).max().orElse(0);
    for (int i = 1; i <= difference; i++) {
      if (wanted.size() < world.history.setting().containers() + World.MOST_ADDED) {
        wanted.put(new ContainerId(last + i), World.SMALL);
      }
    }
    for (int i = 0; i < -difference && last - i > 1; i++) {
      wanted.remove(new ContainerId(last - i));
    }
    resized
        .map(this::container)
        .map(ContainerId::new)
        .ifPresent(id -> wanted.computeIfPresent(id, (same, size) -> World.LARGER));
    world.commands.scale(wanted);
  }

  void userKills() {
    world.commands.kill();
  }

  // --- and then ---

  /** Faults cease, and what lasts is over. */
  void heal() {
    healed = true;
    world.disturbed(AFTERMATH);
    world.weather.clear();
    world.failingUntil.clear();
    world.master.refusingUntil = 0;
    for (SimAgent agent : world.agents) {
      agent.deaf = 0;
      agent.mute = 0;
      agent.slowUntil = 0;
      agent.crowdedUntil = 0;
      agent.back();
    }
    for (SchedulerProcess process : world.processes) {
      process.forgetFaults();
      process.wire.forgetFaults();
      process.unpause();
    }
    world.master.offers.allocateSoon();
    if (world.leader().isEmpty()) {
      startWhenNoneRuns(1);
    }
  }
}
