package org.apache.heron.framework.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.placement.Size;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.Offer;

/** Something that has happened. */
public sealed interface Event {
  /**
   * A scheduler process has taken over, with the state restored from the records.
   *
   * @param epoch counts those who ever took over, from 1
   * @param scheduler which process that is, for people
   */
  record Started(long epoch, String scheduler) implements Event {}

  /** A master is connected and waits for SUBSCRIBE. */
  record Connected() implements Event {}

  /** The connection is gone; nothing sent since can be relied upon. */
  record Disconnected() implements Event {}

  /**
   * The master has taken us.
   *
   * @param master as host:port
   */
  record Subscribed(String frameworkId, String master) implements Event {}

  /** Resources are offered. */
  record Offers(List<Offer> offers) implements Event {
    public Offers {
      offers = List.copyOf(offers);
    }
  }

  /** An offer is void. */
  record Rescinded(OfferId offer) implements Event {}

  /** Agents are asked back: their maintenance is announced. */
  record InverseOffers(List<InverseOffer> offers) implements Event {
    public InverseOffers {
      offers = List.copyOf(offers);
    }
  }

  /** An inverse offer is void: the maintenance was called off, or another one is announced. */
  record InverseRescinded(OfferId offer) implements Event {}

  /** The state of a task. */
  record TaskUpdated(StatusUpdate update) implements Event {}

  /** An agent is gone or out of reach; its tasks' states follow by themselves. */
  record AgentLost(AgentId agent) implements Event {}

  /** An executor has ended; for a command task its id is the task's. */
  record ExecutorLost(AgentId agent, String executor) implements Event {}

  /** The master refuses us. It has ended, or will end, the connection. */
  record MasterError(String message) implements Event {}

  /** Mesos has taken our TEARDOWN, or says that there is no such framework any more. */
  record TornDown() implements Event {}

  /** What {@link Effect.TearDown} asked for has not been done. */
  record NotTornDown(String why) implements Event {}

  /** Mesos has taken our UPDATE_FRAMEWORK. */
  record FrameworkUpdated() implements Event {}

  /** The connection with ZooKeeper is lost; the session, and with it the lead, may live. */
  record Suspended(String why) implements Event {}

  /** The connection with ZooKeeper is back within the same session. */
  record Resumed() implements Event {}

  /**
   * Another scheduler process has taken over, or may have since the session with ZooKeeper is lost:
   * nothing may be done any more.
   */
  record Deposed(String why) implements Event {}

  /** An alarm. */
  record TimerFired(Timer timer) implements Event {}

  /** A user wants the topology to end. */
  record KillRequested(RequestId request) implements Event {}

  /**
   * A user wants a container restarted, or all if there is none. One is restarted at once; all are
   * one after the other, container 0 last: the next when the former runs again. Answered when all
   * run again, or when one does not within {@link Disruption#patience}; those that are left then
   * stay as they are. What is to be restarted is on record, so it goes on in another process,
   * without anyone to be answered.
   *
   * @param parallel how many at a time; 0 for the disruption budget
   */
  record RestartRequested(RequestId request, Optional<ContainerId> container, int parallel)
      implements Event {}

  /**
   * A user wants these containers, container 0 among them, and no others: those that are missing
   * are launched, those that are not wanted are killed and then forgotten, and those whose size
   * changes are replaced one after the other. Answered when all that are new run and all that are
   * not wanted are gone. Another set takes the place of one that is not reached yet, whose sender
   * is told so; the same set again joins it. Nothing of this is on record: the plan, which whoever
   * restores the state reads, says what is wanted.
   */
  record UpdateRequested(RequestId request, Map<ContainerId, Size> wanted) implements Event {
    public UpdateRequested {
      wanted = Map.copyOf(wanted);
    }
  }
}
