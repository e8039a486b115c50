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
  static final long AFTERMATH = 40_000;

  private final World world;
  private boolean healed;

  Havoc(World world) {
    this.world = world;
  }

  Optional<SchedulerProcess> leader() {
    return world.leader();
  }

  // --- scheduler processes ---

  /** Somebody submits the topology. */
  void begin() {
    world.disturbed(AFTERMATH);
    world.agenda.after(1, () -> start(1));
  }

  /** There is something to stand by for. */
  void startStandbys() {
    for (int i = 0; i < world.history.setting().manner().standbys(); i++) {
      int machine = 2 + i;
      world.agenda.after(1 + 700L * i, () -> start(machine));
    }
  }

  /** Another takes over although one leads. */
  void startAnother(long after) {
    world.disturbed(after + AFTERMATH);
    world.agenda.after(
        after,
        () -> {
          if (world.latch.isUsed()) {
            world.latch.takeOut();
          } else {
            start(1);
          }
        });
  }

  private void start(int machine) {
    if (world.over) {
      return;
    }
    SchedulerProcess process = new SchedulerProcess(world, world.processes.size() + 1, machine);
    world.processes.add(process);
    if (world.latch.isUsed()) {
      process.stand();
    } else {
      process.start();
    }
  }

  /**
   * Who loses stands for election again; where nobody does, an operator sees to it that a scheduler
   * runs while there is anything on record.
   */
  void restart(SchedulerProcess ended) {
    if (world.latch.isUsed()) {
      standAgain(ended.machine, 1_000);
    } else {
      startWhenNoneRuns(10_000);
    }
  }

  private void standAgain(int machine, long after) {
    world.disturbed(after + AFTERMATH);
    world.agenda.after(
        after,
        () -> {
          if (world.processes.stream().noneMatch(p -> p.isAlive() && p.machine == machine)) {
            start(machine);
          }
        });
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
              start(1);
            }
          }
        });
  }

  void kill(SchedulerProcess process, long away, long unnoticed) {
    world.disturbed(away + unnoticed + AFTERMATH);
    process.die(unnoticed);
    if (world.latch.isUsed()) {
      standAgain(process.machine, healed ? 1 : away);
    } else {
      startWhenNoneRuns(healed ? 1 : away);
    }
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
    replace(agent(number));
  }

  /** An agent is marked gone, and another takes its place in the rack. */
  void replace(SimAgent agent) {
    if (world.master.isUp() && !agent.vouchedGone) {
      world.master.maintenance.callOff(agent);
      world.master.agents.markGone(agent);
      world.addAgent(agent.rack);
    }
  }

  void announceMaintenance(int number, long until, long length) {
    world.master.maintenance.announce(
        agent(number), new MasterMaintenance.Window(world.agenda.now() + until, length));
  }

  void callOffMaintenance(int number) {
    world.master.maintenance.callOff(agent(number));
  }

  void drainAgent(int number, boolean markGone, long wait) {
    world.master.maintenance.drain(agent(number), markGone, wait);
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

  /** The master tells what is known already, many times over and all at once. */
  void flood(int updates) {
    world.disturbed(updates / 10 + AFTERMATH);
    world.flooded += updates;
    world.master.repeat(updates);
  }

  // --- ZooKeeper ---

  void closeZooKeeper(long wait, boolean noticed) {
    world.disturbed(wait + AFTERMATH);
    world.weather.away(wait);
    if (noticed || world.latch.isUsed()) {
      world.latch.away(wait);
    }
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
    world.master.maintenance.callOffAll();
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
      process.resume();
    }
    world.master.offers.allocateSoon();
    if (world.leader().isEmpty() && !world.latch.isUsed()) {
      startWhenNoneRuns(1);
    }
  }
}
