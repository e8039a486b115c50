package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.List;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * Something that is to be done. Effects are carried out in their order over all decisions; those
 * after a {@link Persist} or {@link Forget} wait until it is durable.
 */
public sealed interface Effect {
  /**
   * Makes these changes durable, all or none. While the store is away this is tried again by the
   * store; the core hears of a write only when it must stop ({@link Event.Deposed}).
   */
  record Persist(List<RecordChange> changes) implements Effect {
    public Persist {
      changes = List.copyOf(changes);
    }
  }

  /** Removes all that is on record of this framework. */
  record Forget() implements Effect {}

  /** Sends a call to the master. */
  record Send(Call call) implements Effect {}

  /** Sets an alarm, replacing the one of the same name. */
  record SetTimer(Timer timer, Instant at) implements Effect {}

  /** Answers a command. */
  record Reply(RequestId request, Outcome outcome) implements Effect {}

  /** Tells those who read the log. */
  record Say(String line) implements Effect {}

  /** Connects to Mesos anew, although it has refused us. */
  record Reconnect() implements Effect {}

  /**
   * Has the master end the framework by its operator API, which takes no subscription. Answered by
   * {@link Event.TornDown} or {@link Event.NotTornDown}.
   */
  record TearDown(String frameworkId) implements Effect {}

  /** Ends the framework's process in order: nothing is left to do. */
  record Finish() implements Effect {}

  /** Ends the framework's process: it must not go on. Tasks and records stay. */
  record Fail(String why) implements Effect {}
}
