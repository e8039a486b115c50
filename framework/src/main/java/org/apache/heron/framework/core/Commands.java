package org.apache.heron.framework.core;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** What users ask for. */
final class Commands {
  private final Copies copies;
  private final Ending ending;

  Commands(Copies copies, Ending ending) {
    this.copies = copies;
    this.ending = ending;
  }

  /** Begins to end the topology, or joins those who wait for that; answered when it is done. */
  void kill(Turn turn, RequestId request) {
    Set<RequestId> killers = new LinkedHashSet<>(turn.killers);
    killers.add(request);
    turn.killers = killers;
    switch (turn.phase) {
      case KILLING, TEARING_DOWN, KILLED -> {}
      case SERVING, FAILED -> {
        turn.phase = Phase.KILLING;
        turn.refusals = java.util.Map.of();
        turn.say("killing the topology");
        if (turn.frameworkId.isPresent()) {
          turn.recordFramework();
        }
        for (Container container : turn.containers) {
          copies.occasion(turn, container, Occasion.KILL, "the topology is being killed");
        }
      }
      case REMOVED -> ending.finish(turn);
    }
  }

  void restart(Turn turn, RequestId request, Optional<ContainerId> only) {
    if (turn.phase != Phase.SERVING) {
      turn.reply(request, Outcome.refused("cannot restart: " + why(turn)));
      return;
    }
    if (only.isPresent()) {
      Optional<Container> container = turn.containers.get(only.get());
      if (container.isEmpty()) {
        turn.reply(
            request,
            Outcome.refused(
                "there is no container "
                    + only.get()
                    + "; the topology has "
                    + turn.containers.stream().map(c -> c.id().toString()).toList()));
        return;
      }
      copies.occasion(turn, container.get(), Occasion.RESTART, "restarted by a user");
      turn.reply(request, Outcome.done("restarting container " + only.get()));
      return;
    }
    for (Container container : turn.containers) {
      copies.occasion(turn, container, Occasion.RESTART, "restarted by a user");
    }
    turn.reply(request, Outcome.done("restarting all " + turn.containers.size() + " containers"));
  }

  void update(Turn turn, RequestId request) {
    turn.reply(
        request,
        Outcome.refused(
            "a running topology cannot be updated by this version of the Mesos scheduler;"
                + " kill it and submit it with the new plan"));
  }

  /** Answers commands that come when nothing is left. */
  void refuseAfterTheEnd(Turn turn, Event event) {
    if (event instanceof Event.KillRequested kill) {
      turn.reply(kill.request(), Outcome.done("killed"));
    } else if (event instanceof Event.RestartRequested restart) {
      turn.reply(restart.request(), Outcome.refused("cannot restart: " + why(turn)));
    } else if (event instanceof Event.UpdateRequested update) {
      turn.reply(update.request(), Outcome.refused("cannot update: " + why(turn)));
    }
  }

  private static String why(Turn turn) {
    return switch (turn.phase) {
      case KILLING, TEARING_DOWN -> "the topology is being killed";
      case KILLED -> "the topology was killed";
      case FAILED, REMOVED -> turn.problem;
      case SERVING -> "";
    };
  }
}
