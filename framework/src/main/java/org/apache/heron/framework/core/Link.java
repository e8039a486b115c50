package org.apache.heron.framework.core;

/** How the framework stands with Mesos. */
public enum Link {
  /** No connection to a master. */
  DISCONNECTED,
  /** Connected; SUBSCRIBE waits until this process is sure to lead. */
  CONNECTED,
  /** SUBSCRIBE is on its way. */
  SUBSCRIBING,
  /**
   * Subscribed for the first time, as a framework that Mesos removes soon should this process be
   * lost before the id is on record. Nothing is launched until Mesos has taken the lasting
   * description.
   */
  PROVISIONAL,
  /** Subscribed: calls can be sent. */
  SUBSCRIBED
}
