package org.apache.heron.framework.core;

import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * A framework's principal, which is for life: Mesos refuses who subscribes again with another one,
 * or with one where there was none (validateUpdate in src/master/validation.cpp), also if it knows
 * the framework from its agents only. Pure.
 *
 * @param framework Mesos' id of the framework; empty if it has none
 * @param former as which it subscribed last: empty if as none; absent if that is not on record
 * @param now of the configuration: empty if it names none
 */
public record Principal(Optional<String> framework, Optional<String> former, String now) {
  private static final String KEY = "heron.mesos.principal";
  private static final String SECRET_KEY = "heron.mesos.secret.file";
  private static final String REFUSED = "Changing framework's principal is not allowed";

  static Principal of(Optional<String> framework, Optional<String> former, FrameworkInfo now) {
    return new Principal(framework, former, now.getPrincipal());
  }

  /** Whether a master's refusal is for this. */
  static boolean isRefused(String message) {
    return message.contains(REFUSED);
  }

  private boolean differs() {
    return framework.isPresent() && former.filter(before -> !before.equals(now)).isPresent();
  }

  /** What to say of that refusal, as one line. */
  String refusal(String message) {
    String why = "Mesos refuses this framework: " + message.strip();
    return why + (why.endsWith(".") ? " " : "; ") + remedy();
  }

  private String remedy() {
    String anew = "end it with heron kill and submit it again";
    if (!differs()) {
      return "It is for life, and another one than "
          + text(now)
          + " (the master's log names it): set "
          + KEY
          + " to that and run heron scheduler resume, or "
          + anew;
    }
    return former.orElseThrow().isEmpty()
        ? born()
            + ", which is now "
            + text(now)
            + ": "
            + anew
            + ", or, as long as the masters take frameworks without credentials, take it and "
            + SECRET_KEY
            + " away and run heron scheduler resume"
        : born()
            + ", which is now "
            + text(now)
            + ": set it and its secret back and run heron scheduler resume, or "
            + anew;
  }

  private String born() {
    return "The topology was submitted with "
        + former.filter(before -> !before.isEmpty()).map(Principal::text).orElse("no")
        + " "
        + KEY;
  }

  private static String text(String principal) {
    return principal.isEmpty() ? "none" : "'" + principal + "'";
  }

  /** What to expect before a master has refused it; empty if it will not. */
  Optional<String> warning() {
    return differs()
        ? Optional.of("Mesos lets no framework change its principal. " + remedy())
        : Optional.empty();
  }

  /**
   * Completes what is said of a master that wants credentials, or others: those that it takes may
   * not help this framework.
   */
  public String unauthorized(String problem) {
    Optional<String> before = framework.flatMap(id -> former);
    if (before.isEmpty()) {
      return problem;
    }
    if (before.get().isEmpty()) {
      return problem
          + "; but the topology was submitted without a principal, and Mesos lets no framework"
          + " change that: with credentials it can only be ended, by heron kill, and submitted"
          + " again";
    }
    return differs()
        ? problem
            + "; it was submitted with principal "
            + text(before.get())
            + ", and Mesos lets no framework change that"
        : problem;
  }
}
