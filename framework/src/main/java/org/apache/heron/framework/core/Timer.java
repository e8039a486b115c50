package org.apache.heron.framework.core;

import org.apache.heron.framework.identity.ContainerId;

/** What an alarm is for. Setting one replaces the earlier one of the same name. */
public sealed interface Timer {
  /** The offers have been gathered long enough. */
  record Gathered() implements Timer {}

  /** REVIVE may be sent again. */
  record Revive() implements Timer {}

  /** Questions about tasks are to be asked again. */
  record Reconcile() implements Timer {}

  /** All tasks that Mesos knows of us are to be asked for. */
  record Sweep() implements Timer {}

  /** A kill is to be pressed on. */
  record Kill() implements Timer {}

  /** A master that has refused us may be asked again. */
  record Reconnect() implements Timer {}

  /** Mesos should have taken the framework's lasting description. */
  record Confirm() implements Timer {}

  /** A container that is being replaced should run again. */
  record Renewal() implements Timer {}

  /** An agent's maintenance comes near. */
  record Maintenance() implements Timer {}

  /** The time that a container has set itself. */
  record Due(ContainerId container) implements Timer {}
}
