package org.apache.heron.scheduler.nomad.view;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.heron.scheduler.nomad.rest.Allocation;
import org.apache.heron.scheduler.nomad.rest.Evaluation;
import org.apache.heron.scheduler.nomad.rest.Shortage;

/**
 * How a container is, by what Nomad says of its job. Pure.
 *
 * @param allocation the one that counts: the latest that is to run, or else the latest
 * @param attempt how often its command was begun, as far as Nomad remembers
 * @param reason the last failure, or why it waits; empty if there is none
 * @param retryAt when Nomad tries again, in milliseconds since the epoch; 0 if it does not wait
 * @param shortage why it was not placed, if that is so
 */
public record ContainerView(
    int id,
    State state,
    Optional<Allocation> allocation,
    int attempt,
    String reason,
    long retryAt,
    Optional<Shortage> shortage) {

  /** Where a container is in its life. */
  public enum State {
    /** Nomad finds no place for it, or has not looked yet. */
    WAITING,
    /** Its node prepares it: fetches the image, renders the script. */
    STAGING,
    /** Its command runs. */
    RUNNING,
    /** It has failed, and is tried again later. */
    BACKING_OFF,
    /** It was asked to end. */
    KILLING,
    /** Its node does not report to Nomad. */
    UNREACHABLE,
    /** Nomad has given it up. */
    FAILED
  }

  /**
   * Judges.
   *
   * @param stopped true if the job is not to run any more
   * @param allocations the oldest first
   * @param evaluations the one that changed last at the end
   */
  public static ContainerView of(
      int id, boolean stopped, List<Allocation> allocations, List<Evaluation> evaluations) {
    Optional<Allocation> current = current(allocations);
    int attempt = allocations.size() + allocations.stream().mapToInt(Allocation::restarts).sum();
    if (stopped) {
      boolean ended = allocations.stream().allMatch(Allocation::hasEnded);
      return new ContainerView(
          id,
          ended ? State.FAILED : State.KILLING,
          current,
          attempt,
          "its job was stopped in Nomad",
          0,
          Optional.empty());
    }
    Optional<Shortage> shortage = blockedBy(evaluations);
    boolean placed = current.filter(each -> each.desired().equals("run")).isPresent();
    if (placed && !current.get().hasEnded()) {
      return placed(id, current.get(), attempt);
    }
    String cause = current.map(ContainerView::cause).orElse("");
    if (shortage.isPresent()) {
      String reason =
          ShortageText.line(shortage.get()) + (cause.isEmpty() ? "" : "; before: " + cause);
      return new ContainerView(id, State.WAITING, current, attempt, reason, 0, shortage);
    }
    long retryAt = retryAt(evaluations);
    if (retryAt > 0) {
      return new ContainerView(
          id, State.BACKING_OFF, current, attempt, cause, retryAt, Optional.empty());
    }
    return unplaced(id, current, attempt, cause, evaluations);
  }

  /** The same, of an allocation that is known better now. */
  public ContainerView with(Allocation known) {
    return new ContainerView(id, state, Optional.of(known), attempt, reason, retryAt, shortage);
  }

  /** Of a container that is wanted, and has no job. */
  public static ContainerView withoutJob(int id, String jobId) {
    return new ContainerView(
        id,
        State.FAILED,
        Optional.empty(),
        0,
        "its job " + jobId + " is not registered with Nomad; heron restart registers it",
        0,
        Optional.empty());
  }

  private static ContainerView placed(int id, Allocation now, int attempt) {
    State state = State.STAGING;
    String reason = now.event();
    if (now.client().equals("unknown")) {
      state = State.UNREACHABLE;
      reason = "node " + now.nodeName() + " does not report to Nomad";
    } else if (now.runs()) {
      state = State.RUNNING;
      reason = "";
    } else if (now.restarts() > 0 || !now.failure().isEmpty()) {
      state = State.BACKING_OFF;
      reason = now.failure().isEmpty() ? now.event() : now.failure();
    }
    return new ContainerView(id, state, Optional.of(now), attempt, reason, 0, Optional.empty());
  }

  private static ContainerView unplaced(
      int id,
      Optional<Allocation> current,
      int attempt,
      String cause,
      List<Evaluation> evaluations) {
    boolean thinking =
        evaluations.isEmpty()
            || evaluations.stream().anyMatch(each -> each.status().equals("pending"));
    Optional<Evaluation> last =
        evaluations.isEmpty()
            ? Optional.empty()
            : Optional.of(evaluations.get(evaluations.size() - 1));
    boolean given =
        last.filter(each -> each.status().equals("failed") || each.status().equals("cancelled"))
            .isPresent();
    if (given && !thinking) {
      String reason = "Nomad has given up: " + last.get().description();
      return new ContainerView(id, State.FAILED, current, attempt, reason, 0, Optional.empty());
    }
    if (current.filter(Allocation::hasEnded).isPresent() && !thinking) {
      String reason = cause.isEmpty() ? "it has ended" : cause;
      return new ContainerView(
          id, State.BACKING_OFF, current, attempt, reason, 0, Optional.empty());
    }
    return new ContainerView(
        id,
        State.WAITING,
        current,
        attempt,
        cause.isEmpty() ? "Nomad has not placed it yet" : cause,
        0,
        Optional.empty());
  }

  private static Optional<Allocation> current(List<Allocation> allocations) {
    Comparator<Allocation> byAge = Comparator.comparingLong(Allocation::createIndex);
    return allocations.stream()
        .filter(each -> each.desired().equals("run") && each.next().isEmpty())
        .max(byAge)
        .or(() -> allocations.stream().max(byAge));
  }

  // A job that was placed later has evaluations that say so after those that could not.
  private static Optional<Shortage> blockedBy(List<Evaluation> evaluations) {
    boolean blocked = evaluations.stream().anyMatch(each -> each.status().equals("blocked"));
    List<Evaluation> told =
        evaluations.stream().filter(each -> each.shortage().isPresent()).toList();
    return blocked && !told.isEmpty() ? told.get(told.size() - 1).shortage() : Optional.empty();
  }

  private static long retryAt(List<Evaluation> evaluations) {
    return evaluations.stream()
        .filter(each -> each.status().equals("pending"))
        .mapToLong(Evaluation::waitUntilMillis)
        .max()
        .orElse(0);
  }

  private static String cause(Allocation allocation) {
    String told = allocation.failure().isEmpty() ? allocation.description() : allocation.failure();
    if (allocation.client().equals("lost")) {
      return "node " + allocation.nodeName() + " was lost";
    }
    return allocation.hasEnded() && !allocation.desired().equals("stop") ? told : "";
  }

  /** The allocations of a job that have not ended, as text; empty if all have. */
  public static String unended(List<Allocation> allocations) {
    return allocations.stream()
        .filter(each -> !each.hasEnded())
        .map(each -> "on " + each.nodeName() + " (" + each.client() + ")")
        .collect(Collectors.joining(", "));
  }
}
