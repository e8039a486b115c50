package org.apache.heron.framework.core;

/** How the framework stands with Mesos. */
public enum Link {
  /** No connection to a master. */
  DISCONNECTED,
  /** Connected; SUBSCRIBE is on its way. */
  SUBSCRIBING,
  /** Subscribed: calls can be sent. */
  SUBSCRIBED
}
