package org.apache.heron.scheduler.local.core;

import java.util.List;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** Something that the core wants done. Effects are carried out in their order. */
public sealed interface Effect {
  /** Put the container on record, in place of what is there. */
  record Save(Container container) implements Effect {}

  /** Put on record that the topology is being killed. */
  record SaveKill() implements Effect {}

  /**
   * Start a process, after making sure that none of an earlier attempt is left; answer with {@link
   * Event.Started} or {@link Event.StartFailed}.
   *
   * @param ports to be used if they are free; empty if any will do
   */
  record Start(int id, int attempt, List<Integer> ports, long ram) implements Effect {
    public Start {
      ports = List.copyOf(ports);
    }
  }

  /** Ask the process to end. */
  record Terminate(int id, ProcessMark mark) implements Effect {}

  /** End the process, and whatever it has started, by force. */
  record Destroy(int id, ProcessMark mark) implements Effect {}

  /** Remove the container's record and directory. */
  record Forget(int id) implements Effect {}

  /** Answer somebody. */
  record Reply(Ticket ticket, Outcome outcome) implements Effect {}

  /** Write a line into the log. */
  record Say(String line) implements Effect {}
}
