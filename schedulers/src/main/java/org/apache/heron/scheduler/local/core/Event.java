package org.apache.heron.scheduler.local.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Something that the core is told. */
public sealed interface Event {
  /**
   * The scheduler was started with what is on record. The first event.
   *
   * @param alive containers whose process on record lives
   * @param ram bytes of each container that is wanted
   * @param killing true if a kill of the topology is on record
   */
  record Resumed(Set<Integer> alive, Map<Integer, Long> ram, boolean killing) implements Event {
    public Resumed {
      alive = Set.copyOf(alive);
      ram = Map.copyOf(ram);
    }
  }

  /**
   * These containers are wanted.
   *
   * @param ram bytes of each
   */
  record Wanted(Map<Integer, Long> ram, Ticket ticket) implements Event {
    public Wanted {
      ram = Map.copyOf(ram);
    }
  }

  /**
   * A process was started.
   *
   * @param ports that it was given
   */
  record Started(int id, int attempt, ProcessMark mark, List<Integer> ports) implements Event {}

  /** No process could be started. */
  record StartFailed(int id, int attempt, String reason) implements Event {}

  /** A process takes connections. */
  record Answered(int id, int attempt) implements Event {}

  /**
   * A process runs, but is not well: it does not answer any more, or says so itself.
   *
   * @param reason in one line
   */
  record Unwell(int id, int attempt, String reason) implements Event {}

  /**
   * A process has ended, and with it whatever it had started.
   *
   * @param reason how, in one line
   * @param portTaken true if it could not have one of its ports
   */
  record Ended(int id, int attempt, String reason, boolean portTaken) implements Event {}

  /**
   * A user wants containers restarted.
   *
   * @param container only this one, if present
   * @param parallel how many of all at a time; 0 leaves that to us
   */
  record RestartRequested(Optional<Integer> container, int parallel, Ticket ticket)
      implements Event {}

  /** A user wants all to end. */
  record KillRequested(Ticket ticket) implements Event {}

  /** Time has passed. */
  record Ticked() implements Event {}
}
