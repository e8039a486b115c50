package org.apache.heron.framework.driver;

/** What became of a call. */
public sealed interface CallOutcome {
  /** The master has taken it (202). What it effects comes as events, or not at all. */
  record Accepted() implements CallOutcome {}

  /**
   * The master has refused it; sending it again is of no use.
   *
   * @param status of HTTP
   * @param text the master's reason
   */
  record Rejected(int status, String text) implements CallOutcome {}

  /** It never left: there was no subscription, or it ended while the call waited. */
  record Dropped(String reason) implements CallOutcome {}

  /**
   * Whether the master has it is not known; the connection was given up, and the next subscription
   * must reconcile.
   */
  record Unknown(String reason) implements CallOutcome {}
}
