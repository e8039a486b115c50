package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.identity.ContainerId;

/**
 * The end of a history: faults cease, and within a bounded time everything is as it should be:
 * every container runs once, or, after a kill, nothing is left.
 */
final class Finale {
  /**
   * The longest of what may have to pass: a back-off of 5 minutes, a sweep for orphans after 10, an
   * agent that a new master waits for 10 minutes; and some.
   */
  private static final long PATIENCE = 16 * 60_000;

  private static final String UNWANTED = " and nobody wants it";
  private static final long LOOKS_EVERY = 2_000;

  private final World world;
  private long deadline;
  private int goodLooks;

  Finale(World world) {
    this.world = world;
  }

  void begin() {
    world.timeline.add("FAULT", () -> "none from now on");
    world.havoc.heal();
    deadline = world.agenda.now() + PATIENCE;
    if (world
        .zooKeeper
        .framework()
        .flatMap(record -> record.frameworkId())
        .filter(world.master.completed::contains)
        .isPresent()) {
      // The framework was removed: all that is left is to kill what is on record.
      world.commands.kill();
    }
    look();
  }

  private void look() {
    List<String> wrong = world.commands.killWanted() ? leftAfterKill() : missing();
    goodLooks = wrong.isEmpty() ? goodLooks + 1 : 0;
    if (goodLooks >= 3) {
      world.end();
    } else if (world.agenda.now() > deadline) {
      world.broken(
          promiseOf(wrong),
          "when all had been well for " + Words.of(PATIENCE) + ": " + String.join("; ", wrong));
    } else {
      refusedKill();
      world.agenda.after(LOOKS_EVERY, this::look);
    }
  }

  private String promiseOf(List<String> wrong) {
    if (world.commands.killWanted()) {
      return "NothingLeftAfterKill";
    }
    return wrong.stream().anyMatch(each -> each.endsWith(UNWANTED))
        ? "OneLiveCopy"
        : "EverythingRuns";
  }

  /** A framework that Mesos has removed says so; only a kill is left. */
  private void refusedKill() {
    world
        .leader()
        .flatMap(SchedulerProcess::state)
        .filter(state -> state.phase() == Phase.REMOVED)
        .ifPresent(state -> world.commands.kill());
  }

  private List<String> leftAfterKill() {
    List<String> left = new ArrayList<>();
    if (!world.over) {
      left.add("no scheduler has said that the topology has ended");
    }
    world.living().forEach(copy -> left.add(copy + " lives on " + copy.agent));
    if (world.zooKeeper.hasNodes()) {
      left.add("there are nodes in ZooKeeper");
    }
    for (SchedulerProcess process : world.processes) {
      if (process.isAlive() && world.over) {
        left.add(process + " goes on");
      }
    }
    return left;
  }

  private List<String> missing() {
    List<String> wrong = new ArrayList<>();
    if (world.leader().isEmpty() || world.leader().get().state().isEmpty()) {
      wrong.add("no scheduler leads");
      return wrong;
    }
    SchedulerProcess leader = world.leader().get();
    for (SchedulerProcess process : world.processes) {
      if (process.isAlive() && process.hasBegun() && process != leader) {
        wrong.add(process + " has not stopped, although " + leader + " has taken over");
      }
    }
    Set<ContainerId> planned = world.plan.keySet();
    Set<ContainerId> there =
        leader.state().get().containers().stream()
            .map(Container::id)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!planned.equals(there)) {
      wrong.add("containers " + there + " are there, " + planned + " are wanted");
    }
    Set<String> wanted = new HashSet<>();
    for (Container container : leader.state().get().containers()) {
      String task = container.task().map(each -> each.id().value()).orElse("no task");
      wanted.add(task);
      if (container.life() != Life.RUNNING) {
        wrong.add("container " + container.id() + " is " + container.life() + ", " + task);
      }
    }
    Set<String> running = new HashSet<>();
    for (Copy copy : world.living()) {
      running.add(copy.id);
      if (!wanted.contains(copy.id)) {
        wrong.add(copy + " lives on " + copy.agent + UNWANTED);
      }
    }
    wanted.removeAll(running);
    wanted.forEach(task -> wrong.add(task + " is said to run, but does not"));
    return wrong;
  }
}
