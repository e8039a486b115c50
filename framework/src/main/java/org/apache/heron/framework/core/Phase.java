package org.apache.heron.framework.core;

/** Where the framework as a whole is. */
public enum Phase {
  /** Containers are wanted. */
  SERVING,
  /** The topology is to end: copies are being killed. On record, so that it is resumed. */
  KILLING,
  /** Every copy is dead or out of reach; Mesos is asked to remove the framework. */
  TEARING_DOWN,
  /** Nothing is left. */
  KILLED,
  /**
   * Mesos refuses us, or another process has taken our place. Tasks on record may run. Nothing is
   * started until Mesos takes us.
   */
  FAILED,
  /** Mesos has ended the framework that is on record: nothing of ours runs. Only a kill is left. */
  REMOVED
}
