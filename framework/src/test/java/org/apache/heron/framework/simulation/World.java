package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * All that a history takes place in: clock, ZooKeeper, master, agents, scheduler processes, and the
 * promises that watch. For one thread; nothing outside of it has any influence.
 */
final class World {
  static final Instant BEGINNING = Instant.parse("2026-11-21T00:00:00Z");
  static final String TOPOLOGY = "words";
  private static final String TOPOLOGY_ID = "words-id";
  static final Size SMALL = new Size(1_000, 1_000_000, 1_000_000, 9);
  static final Size LARGER = new Size(1_500, 1_000_000, 1_000_000, 9);

  /** So many containers can users add to a topology. */
  static final int MOST_ADDED = 3;

  /** More steps than any history needs: it has come to a loop without end. */
  private static final long MOST_STEPS = 400_000;

  private static final long STEPS_OF_AN_UPDATE = 10;

  /**
   * A deposed process is told in the end that another leads, whatever else it meets: late, so that
   * what it does until then is seen.
   */
  private static final long ELECTION_TOLD_AFTER = 120_000;

  final History history;
  final Surgery surgery;
  final Agenda agenda = new Agenda();
  final Timeline timeline;
  final Weather weather = new Weather(agenda);
  final SimulatedZooKeeper zooKeeper =
      new SimulatedZooKeeper(new Submission(TOPOLOGY, TOPOLOGY_ID), this::written);
  final Master master;
  final List<SimAgent> agents = new ArrayList<>();
  final List<SchedulerProcess> processes = new ArrayList<>();
  final Map<String, Copy> copies = new LinkedHashMap<>();
  final Map<Integer, Long> failingUntil = new HashMap<>();

  /** Where containers may run. */
  final Rules rules;

  final Blueprint blueprint;
  final Core core;
  final Commands commands;
  final Havoc havoc;
  final Latch latch;

  /** Processes that have taken over, or have tried to, in that order. */
  final List<SchedulerProcess> begun = new ArrayList<>();

  /** The containers that are wanted. */
  Map<ContainerId, Size> plan;

  /** Who took over last in ZooKeeper. */
  String writer = "";

  /** Until then something outside of the scheduler may have held it up. */
  long disturbedUntil;

  /** Who took over first: another that finds nothing on record knows that all was killed. */
  String firstWriter = "";

  /** How many updates the master has sent for no reason. */
  long flooded;

  /** The topology was killed, and a scheduler has said so by ending in order. */
  boolean over;

  private final List<Promise> promises;
  private Optional<Violation> violation = Optional.empty();
  private boolean ended;
  private long steps;

  /** Ends a history from within, however deep. */
  static final class Stop extends Error {
    private static final long serialVersionUID = 1L;

    Stop() {
      super("the history is over", null, false, false);
    }
  }

  World(History history, Surgery surgery, boolean told) {
    this.history = history;
    this.surgery = surgery;
    timeline = new Timeline(agenda, told);
    plan = firstPlan();
    Setting setting = history.setting();
    rules = setting.manner().rules(setting.containers() + MOST_ADDED, setting.agents());
    FrameworkInfo framework =
        FrameworkInfo.newBuilder()
            .setUser("someone")
            .setName("heron_scheduler_words")
            .addRoles("*")
            .setCheckpoint(true)
            .setFailoverTimeout(history.setting().failoverTimeout().toMillis() / 1000.0)
            .build();
    blueprint =
        surgery.blueprint(
            new Blueprint(
                TOPOLOGY,
                TOPOLOGY_ID,
                framework,
                Timing.DEFAULT,
                World::describe,
                rules,
                history.setting().manner().disruption()));
    core = new Core(blueprint);
    master = new Master(this);
    commands = new Commands(this);
    havoc = new Havoc(this);
    latch = new Latch(this);
    promises = Promises.of(this);
    for (int i = 0; i < setting.agents(); i++) {
      addAgent(Manner.rack(i % setting.manner().racks()));
    }
  }

  private static TaskInfo describe(
      TaskId id,
      org.apache.heron.framework.placement.Placed placed,
      org.apache.heron.framework.identity.AgentId agent) {
    return TaskInfo.newBuilder()
        .setName("container_" + placed.container())
        .setTaskId(TaskID.newBuilder().setValue(id.value()))
        .setAgentId(org.apache.mesos.v1.Protos.AgentID.newBuilder().setValue(agent.value()))
        .addAllResources(placed.resources())
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .build();
  }

  private Map<ContainerId, Size> firstPlan() {
    Map<ContainerId, Size> sizes = new TreeMap<>();
    for (int i = 0; i < history.setting().containers(); i++) {
      sizes.put(new ContainerId(i), SMALL);
    }
    return sizes;
  }

  /** Each agent has room for every container: what must fit in the end, fits. */
  void addAgent(String rack) {
    int number = agents.size() + 1;
    int room = history.setting().containers() + MOST_ADDED + 1;
    SimAgent agent =
        new SimAgent(
            this,
            "a" + number,
            "agent-" + number,
            rack,
            Holding.of(room * 2L, room * 1_000L, room * 1_000L, 31_000, 31_000 + room * 10 - 1));
    agents.add(agent);
    agent.registerSoon(2_000);
  }

  // --- the course of things ---

  /** Lets the history take its course; the first promise that was broken, if any. */
  Optional<Violation> run() {
    Finale finale = new Finale(this);
    history.plan().forEach(planned -> agenda.at(planned.at(), () -> strike(planned.fault())));
    agenda.at(history.setting().faultsFor().toMillis(), finale::begin);
    havoc.begin();
    try {
      goOnUntil(() -> false, Duration.ofDays(1).toMillis());
    } catch (Stop e) {
      return violation;
    }
    throw new IllegalStateException("a history has no end");
  }

  private void strike(Fault fault) {
    timeline.add("FAULT", fault::toString);
    fault.strike(havoc);
  }

  /** Lets things happen until something is so, or that time has come. */
  void goOnUntil(BooleanSupplier reached, long time) {
    while (!reached.getAsBoolean()) {
      if (!agenda.next(time)) {
        agenda.reach(time);
        return;
      }
      for (Promise promise : promises) {
        promise.afterStep();
      }
      if (++steps > MOST_STEPS + STEPS_OF_AN_UPDATE * flooded) {
        broken("GoodNeighbour", steps + " steps have been taken, and there is no end to it");
      }
      if (ended || violation.isPresent()) {
        throw new Stop();
      }
    }
  }

  /** All is well: nothing more will happen. */
  void end() {
    promises.forEach(Promise::atTheEnd);
    ended = true;
  }

  void broken(String promise, String what) {
    if (violation.isEmpty()) {
      violation = Optional.of(new Violation(promise, agenda.now(), what));
      timeline.add("BROKEN", () -> promise + ": " + what);
    }
  }

  long steps() {
    return steps;
  }

  void disturbed(long wait) {
    disturbedUntil = Math.max(disturbedUntil, agenda.now() + wait);
  }

  // --- what is told to the promises ---

  void sends(SchedulerProcess process, Call call) {
    if (call.getType() == Call.Type.KILL) {
      Optional.ofNullable(copies.get(call.getKill().getTaskId().getValue()))
          .ifPresent(copy -> copy.killAsked = true);
    } else if (call.getType() == Call.Type.TEARDOWN) {
      copies.values().stream()
          .filter(copy -> copy.framework.equals(call.getFrameworkId().getValue()))
          .forEach(copy -> copy.killAsked = true);
    }
    promises.forEach(promise -> promise.sends(process, call));
  }

  void decided(SchedulerProcess process, State before, Event event, Decision decision) {
    promises.forEach(promise -> promise.decided(process, before, event, decision));
  }

  void receives(SchedulerProcess process, Event event) {
    promises.forEach(promise -> promise.receives(process, event));
  }

  void replied(RequestId request, Outcome outcome) {
    timeline.add("user", () -> "is answered: " + outcome);
    commands.replied(request, outcome);
    promises.forEach(promise -> promise.replied(request, outcome));
  }

  private void written(SimulatedZooKeeper.Written change) {
    timeline.add("ZooKeeper", () -> Words.of(change, zooKeeper));
    if (change.takesOver()) {
      writer = change.client();
      if (firstWriter.isEmpty()) {
        firstWriter = writer;
        havoc.startStandbys();
      }
      for (SchedulerProcess process : begun) {
        if (process.isAlive() && !process.toString().equals(writer)) {
          process.loseElectionAfter(ELECTION_TOLD_AFTER);
        }
      }
    }
    promises.forEach(promise -> promise.written(change));
  }

  void begins(Copy copy) {
    promises.forEach(promise -> promise.begins(copy));
  }

  void acceptedTooMuch(String what) {
    broken("OffersWithinBounds", what);
  }

  Copy launched(SimFramework framework, TaskInfo task, SimAgent agent, Holding holding) {
    String id = task.getTaskId().getValue();
    int container = new TaskId(id).container().orElseThrow().value();
    Copy copy = new Copy(id, container, framework.id, agent, holding);
    if (copies.put(id, copy) != null) {
      broken("OneLiveCopy", "task " + id + " is launched a second time");
    }
    return copy;
  }

  // --- who is there ---

  /** The scheduler process that came last, while it lives and has taken over. */
  Optional<SchedulerProcess> leader() {
    for (int i = begun.size() - 1; i >= 0; i--) {
      if (begun.get(i).isAlive()) {
        return Optional.of(begun.get(i));
      }
    }
    return Optional.empty();
  }

  /** A scheduler process is gone. */
  void ended(SchedulerProcess process, boolean inOrder) {
    commands.processEnded(process);
    if (inOrder) {
      // One that found nothing on record yet ends like one that finds nothing any more.
      over |= commands.killWanted();
    } else {
      havoc.restart(process);
    }
  }

  /** True if the clock of any scheduler was ever set: then waits may be shorter than they seem. */
  boolean clocksHaveJumped() {
    return processes.stream().anyMatch(process -> Math.abs(process.clockOffset()) > 1_000);
  }

  boolean failsNow(int container) {
    return agenda.now() < failingUntil.getOrDefault(container, 0L);
  }

  /** What runs, as far as the agents' operator does not vouch for its end. */
  List<Copy> living() {
    return copies.values().stream()
        .filter(copy -> copy.isLive() && !copy.agent.vouchedGone)
        .toList();
  }
}
