package org.apache.heron.framework.core;

/** How certain it is that this process leads. What is lost for good ends it: no state is left. */
public enum Tenure {
  /** Records can be read and written. */
  HELD,
  /**
   * The connection with ZooKeeper is lost, but the session may live. Nothing is begun: no launch,
   * no kill, no subscription. Tasks live on, and what Mesos says of them is taken in.
   */
  SUSPENDED
}
