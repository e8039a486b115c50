package org.apache.heron.framework.driver;

/** Why a session with a master ended. */
sealed interface Ending {
  /** The connection broke or the master could not serve us: try again after a while. */
  record Lost(String message) implements Ending {}

  /** The master ended the subscription of a framework that we have asked it to tear down. */
  record TornDown(String message) implements Ending {}

  /** Another master is to be asked, at once. */
  record Moved(Endpoint target) implements Ending {}

  /** We, or a new leader, want a new session: at once. */
  record Restart(String message) implements Ending {}

  /** Credentials are wanted or wrong. */
  record Unauthorized(String message) implements Ending {}

  /** The master wants no more of this framework. */
  record Refused(String message) implements Ending {}

  /** The driver was closed. */
  record Closed() implements Ending {}
}
