package org.apache.heron.framework.core;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.framework.core.CommandTable.Command;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.history.Happening.Kind;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** What users ask for, by {@link CommandTable}. */
final class Commands {
  private final Copies copies;
  private final Ending ending;
  private final Renewing renewing;
  private final Scaling scaling;

  Commands(Copies copies, Ending ending, Renewing renewing, Scaling scaling) {
    this.copies = copies;
    this.ending = ending;
    this.renewing = renewing;
    this.scaling = scaling;
  }

  /** True if the event was a command. */
  boolean apply(Turn turn, Event event) {
    if (event instanceof Event.KillRequested kill) {
      answer(turn, Command.KILL, kill.request(), this::kill);
    } else if (event instanceof Event.RestartRequested restart) {
      answer(turn, Command.RESTART, restart.request(), each -> renewing.restart(each, restart));
    } else if (event instanceof Event.UpdateRequested update) {
      answer(turn, Command.UPDATE, update.request(), each -> scaling.update(each, update));
    } else {
      return false;
    }
    return true;
  }

  private void answer(Turn turn, Command command, RequestId request, Consumer<Turn> begin) {
    switch (CommandTable.on(turn.phase, command)) {
      case BEGIN -> {
        if (command == Command.KILL) {
          turn.await(request, new Awaited.Killed());
        }
        begin.accept(turn);
      }
      case JOIN -> turn.await(request, new Awaited.Killed());
      case FINISH -> {
        turn.await(request, new Awaited.Killed());
        ending.finish(turn);
      }
      case DONE -> turn.reply(request, Outcome.done("killed"));
      case REFUSE -> turn.reply(request, Outcome.refused("cannot " + name(command) + why(turn)));
    }
  }

  private void kill(Turn turn) {
    boolean refused = turn.phase == Phase.FAILED && turn.link == Link.DISCONNECTED;
    turn.phase = Phase.KILLING;
    turn.refusals = Map.of();
    turn.renewal = Renewal.NONE;
    turn.say("killing the topology");
    turn.happened(Kind.KILL, "asked for by a user");
    turn.answer(
        awaited -> !(awaited instanceof Awaited.Killed),
        Outcome.refused("the topology is being killed"));
    if (turn.frameworkId.isPresent()) {
      turn.recordFramework();
    }
    for (Container container : turn.containers) {
      copies.occasion(turn, container, Occasion.KILL, "the topology is being killed");
    }
    if (refused && turn.tenure == Tenure.HELD) {
      // Not only when its turn comes: what Mesos says now decides how the kill goes on.
      turn.effect(new Effect.Reconnect());
    }
  }

  private static String name(Command command) {
    return switch (command) {
      case KILL -> "kill: ";
      case RESTART -> "restart: ";
      case UPDATE -> "update: ";
    };
  }

  private static String why(Turn turn) {
    return switch (turn.phase) {
      case KILLING, TEARING_DOWN -> "the topology is being killed";
      case KILLED -> "the topology was killed";
      case FAILED, REMOVED ->
          Optional.of(turn.problem).filter(why -> !why.isEmpty()).orElse("Mesos refuses us");
      case SERVING -> "";
    };
  }
}
