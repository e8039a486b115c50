package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/**
 * The users. A kill, or another plan, is asked for again and again until it is answered; a restart
 * once, for a user whose command is cut off looks what became of it.
 */
final class Commands {
  private static final long ASKS_AGAIN = 10_000;

  private final World world;
  private final Map<RequestId, SchedulerProcess> kills = new HashMap<>();
  private long requests;
  private Optional<Asked> asked = Optional.empty();
  private long scales;
  private long scaled;
  private boolean killWanted;
  private boolean killDone;

  /** A plan that a scheduler was asked for and has not answered. */
  private record Asked(RequestId request, SchedulerProcess process, long scale) {}

  Commands(World world) {
    this.world = world;
  }

  /** True once a user has asked for the end of the topology. */
  boolean killWanted() {
    return killWanted;
  }

  /** True once a user was told that it has ended. */
  boolean killDone() {
    return killDone;
  }

  boolean isKill(RequestId request) {
    return kills.containsKey(request);
  }

  void kill() {
    if (!killWanted) {
      killWanted = true;
      askForKill();
    }
  }

  private void askForKill() {
    if (killDone || world.over) {
      return;
    }
    if (kills.isEmpty() || world.agenda.now() % 3 == 0) {
      Optional<SchedulerProcess> leader = world.leader();
      leader.ifPresent(
          process -> {
            RequestId request = new RequestId(++requests);
            kills.put(request, process);
            world.timeline.add("user", () -> "asks " + process + " to kill the topology");
            process.command(new Event.KillRequested(request));
          });
    }
    world.agenda.after(ASKS_AGAIN, this::askForKill);
  }

  void restart(Optional<Integer> container, int parallel) {
    Optional<ContainerId> id = container.map(ContainerId::new);
    world
        .leader()
        .ifPresent(
            process ->
                process.command(
                    new Event.RestartRequested(new RequestId(++requests), id, parallel)));
  }

  /**
   * Another plan: it is in force from now on, also for schedulers that start later, and asked for
   * until it is.
   */
  void scale(Map<ContainerId, Size> wanted) {
    if (!killWanted) {
      world.plan = wanted;
      scales++;
      asked = Optional.empty();
      askForPlan(scales);
    }
  }

  private void askForPlan(long scale) {
    if (killWanted || scale != scales || scaled == scale) {
      return;
    }
    if (asked.isEmpty()) {
      world
          .leader()
          .ifPresent(
              process -> {
                RequestId request = new RequestId(++requests);
                asked = Optional.of(new Asked(request, process, scale));
                process.command(new Event.UpdateRequested(request, world.plan));
              });
    }
    world.agenda.after(ASKS_AGAIN, () -> askForPlan(scale));
  }

  void replied(RequestId request, Outcome outcome) {
    if (kills.containsKey(request) && outcome.ok()) {
      killDone = true;
    }
    asked
        .filter(plan -> plan.request().equals(request))
        .ifPresent(
            plan -> {
              asked = Optional.empty();
              scaled = outcome.ok() ? plan.scale() : scaled;
            });
  }

  void processEnded(SchedulerProcess process) {
    asked = asked.filter(plan -> plan.process() != process);
    if (!killDone) {
      kills.values().removeIf(asked -> asked == process);
    }
  }
}
