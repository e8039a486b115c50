package org.apache.heron.framework.core;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Offer;

/** Something that has happened. */
public sealed interface Event {
  /** The framework's process is up, with its state restored from its records. */
  record Started() implements Event {}

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

  /** Another scheduler process has taken over: nothing may be done any more. */
  record Deposed(String why) implements Event {}

  /** An alarm. */
  record TimerFired(Timer timer) implements Event {}

  /** A user wants the topology to end. */
  record KillRequested(RequestId request) implements Event {}

  /** A user wants a container restarted, or all if there is none. */
  record RestartRequested(RequestId request, Optional<ContainerId> container) implements Event {}

  /** A user wants another packing plan. */
  record UpdateRequested(RequestId request) implements Event {}
}
