package org.apache.heron.scheduler.local.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** A fleet in a world of its own: processes that do what the story says, and a clock. */
final class Story {
  static final long RAM = 1L << 30;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Fleet fleet = Fleet.of(List.of());
  private final Map<Integer, Container> records = new TreeMap<>();
  private boolean killOnRecord;
  private final Map<Integer, ProcessMark> processes = new TreeMap<>();
  private final Map<Long, Outcome> answers = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private long nextPid = 100;
  private long nextTicket = 1;
  private boolean startsFail;

  Fleet fleet() {
    return fleet;
  }

  Container container(int id) {
    return fleet.containers().get(id);
  }

  Life life(int id) {
    return container(id).life();
  }

  /** Containers that have a process, with it. */
  Map<Integer, ProcessMark> processes() {
    return processes;
  }

  Map<Integer, Container> records() {
    return records;
  }

  Optional<Outcome> answer(long ticket) {
    return Optional.ofNullable(answers.get(ticket));
  }

  /** All effects since the story began or {@link #forgetEffects} was called. */
  List<Effect> effects() {
    return effects;
  }

  Story forgetEffects() {
    effects.clear();
    return this;
  }

  Story startsFail(boolean fail) {
    startsFail = fail;
    return this;
  }

  static Map<Integer, Long> plan(Collection<Integer> ids) {
    Map<Integer, Long> ram = new HashMap<>();
    ids.forEach(id -> ram.put(id, id == 0 ? 0L : RAM));
    return ram;
  }

  /** The scheduler's first start. */
  Story begin(Integer... ids) {
    return resume(plan(List.of(ids)));
  }

  /** The scheduler's process has died, and another one goes on with what is on record. */
  Story resume(Map<Integer, Long> plan) {
    fleet = Fleet.of(records.values());
    Set<Integer> alive = new HashSet<>();
    for (Container container : records.values()) {
      ProcessMark living = processes.get(container.id());
      if (living != null && container.mark().equals(Optional.of(living))) {
        alive.add(container.id());
      }
    }
    return tell(new Event.Resumed(alive, plan, killOnRecord));
  }

  Story tell(Event event) {
    Decision decision = Core.decide(fleet, event, now, Timing.DEFAULT);
    fleet = decision.fleet();
    decision.effects().forEach(this::perform);
    return this;
  }

  private void perform(Effect effect) {
    effects.add(effect);
    if (effect instanceof Effect.Save save) {
      records.put(save.container().id(), save.container());
    } else if (effect instanceof Effect.SaveKill) {
      killOnRecord = true;
    } else if (effect instanceof Effect.Forget forget) {
      // The engine ends whatever is left before it removes the directory.
      processes.remove(forget.id());
      records.remove(forget.id());
    } else if (effect instanceof Effect.Reply reply) {
      answers.put(reply.ticket().number(), reply.outcome());
    } else if (effect instanceof Effect.Destroy destroy) {
      processes.remove(destroy.id(), destroy.mark());
    } else if (effect instanceof Effect.Start start) {
      start(start);
    }
  }

  private void start(Effect.Start start) {
    if (records.get(start.id()).attempt() != start.attempt()) {
      throw new AssertionError("started before it was on record: " + start);
    }
    // So the engine: what an earlier attempt left is ended first.
    processes.remove(start.id());
    if (startsFail) {
      tell(new Event.StartFailed(start.id(), start.attempt(), "no such file"));
      return;
    }
    ProcessMark mark = new ProcessMark(nextPid++, "boot:1");
    processes.put(start.id(), mark);
    List<Integer> ports = start.ports().isEmpty() ? ports() : start.ports();
    tell(new Event.Started(start.id(), start.attempt(), mark, ports));
  }

  private List<Integer> ports() {
    int first = (int) (nextPid * 100);
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ports.add(first + i);
    }
    return ports;
  }

  /** These containers' processes begin to answer. */
  Story answers(Integer... ids) {
    for (int id : ids) {
      tell(new Event.Answered(id, container(id).attempt()));
    }
    return this;
  }

  /** A container's process is found not to be well. */
  Story unwell(int id, String reason) {
    return tell(new Event.Unwell(id, container(id).attempt(), reason));
  }

  /** A container's process ends. */
  Story ends(int id, String reason) {
    return ends(id, reason, false);
  }

  Story ends(int id, String reason, boolean portTaken) {
    processes.remove(id);
    return tell(new Event.Ended(id, container(id).attempt(), reason, portTaken));
  }

  /** Time passes; what becomes due meanwhile becomes it at its time. */
  Story passes(Duration time) {
    Instant end = now.plus(time);
    while (fleet.nextDue().filter(due -> !due.isAfter(end)).isPresent()) {
      Instant due = fleet.nextDue().orElseThrow();
      now = due.isAfter(now) ? due : now;
      tell(new Event.Ticked());
    }
    now = end;
    return tell(new Event.Ticked());
  }

  long restart(Optional<Integer> only, int parallel) {
    long number = nextTicket++;
    tell(new Event.RestartRequested(only, parallel, new Ticket(number)));
    return number;
  }

  long scale(Integer... ids) {
    return scale(plan(List.of(ids)));
  }

  long scale(Map<Integer, Long> plan) {
    long number = nextTicket++;
    tell(new Event.Wanted(plan, new Ticket(number)));
    return number;
  }

  long kill() {
    long number = nextTicket++;
    tell(new Event.KillRequested(new Ticket(number)));
    return number;
  }
}
