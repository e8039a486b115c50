package org.apache.heron.framework.core;

import java.time.Duration;
import java.time.Instant;
import org.apache.heron.framework.identity.ContainerId;

/**
 * How long the framework waits for what.
 *
 * @param backOffFirst before the first retry of a failed container; doubled with each failure
 * @param backOffLongest the longest back-off
 * @param settledAfter a copy that ran so long has not failed: the back-off begins anew
 * @param gatherOffers how long offers are gathered before they are used: a master sends the agents'
 *     offers one by one, and spreading needs to see more than the first
 * @param refuseUnfit how long an offer is declined that no waiting container fits in; Mesos offers
 *     such an agent earlier if it has more than it had
 * @param refuseIdle how long offers are declined when nothing waits
 * @param reviveEvery at most one REVIVE in that time
 * @param unreachableWait how long an unreachable copy is waited for
 * @param managerUnreachableWait the same for container 0
 * @param launchLook when to ask Mesos about a launch that it is silent of
 * @param reconcileFirst until the second question about tasks; doubled with each
 * @param reconcileLongest the longest such wait
 * @param sweepEvery between questions for all tasks that Mesos knows of us
 * @param killAgain until a KILL is repeated
 * @param refusedWait until a master that refused us is asked again
 * @param killLongest after which a kill of the topology no longer waits for each task's end
 */
public record Timing(
    Duration backOffFirst,
    Duration backOffLongest,
    Duration settledAfter,
    Duration gatherOffers,
    Duration refuseUnfit,
    Duration refuseIdle,
    Duration reviveEvery,
    Duration unreachableWait,
    Duration managerUnreachableWait,
    Duration launchLook,
    Duration reconcileFirst,
    Duration reconcileLongest,
    Duration sweepEvery,
    Duration killAgain,
    Duration killLongest,
    Duration refusedWait) {

  /** What is right unless configured. */
  public static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));

  /** These timings with other back-offs. */
  public Timing withBackOff(Duration first, Duration longest, Duration settled) {
    return new Timing(
        first,
        longest,
        settled,
        gatherOffers,
        refuseUnfit,
        refuseIdle,
        reviveEvery,
        unreachableWait,
        managerUnreachableWait,
        launchLook,
        reconcileFirst,
        reconcileLongest,
        sweepEvery,
        killAgain,
        killLongest,
        refusedWait);
  }

  /** These timings with another patience with unreachable agents. */
  public Timing withUnreachableWait(Duration wait, Duration managerWait) {
    return new Timing(
        backOffFirst,
        backOffLongest,
        settledAfter,
        gatherOffers,
        refuseUnfit,
        refuseIdle,
        reviveEvery,
        wait,
        managerWait,
        launchLook,
        reconcileFirst,
        reconcileLongest,
        sweepEvery,
        killAgain,
        killLongest,
        refusedWait);
  }

  /** These timings with more patience for tasks that end slowly in a kill of the topology. */
  public Timing withKillLongest(Duration longest) {
    return new Timing(
        backOffFirst,
        backOffLongest,
        settledAfter,
        gatherOffers,
        refuseUnfit,
        refuseIdle,
        reviveEvery,
        unreachableWait,
        managerUnreachableWait,
        launchLook,
        reconcileFirst,
        reconcileLongest,
        sweepEvery,
        killAgain,
        longest,
        refusedWait);
  }

  /** The wait after so many failures in a row, from 1. */
  Duration backOff(int failures) {
    int doublings = Math.min(Math.max(failures, 1) - 1, 30);
    Duration wait = backOffFirst.multipliedBy(1L << doublings);
    return wait.compareTo(backOffLongest) > 0 ? backOffLongest : wait;
  }

  /** The wait until the given question, from 1, is asked again. */
  Duration askAgain(int questions) {
    int doublings = Math.min(Math.max(questions, 1) - 1, 30);
    Duration wait = reconcileFirst.multipliedBy(1L << doublings);
    return wait.compareTo(reconcileLongest) > 0 ? reconcileLongest : wait;
  }

  /** True if the container's copy has run long enough that its earlier failures are forgotten. */
  boolean settled(Container container, Instant now) {
    return container.life() == Life.RUNNING && !container.since().plus(settledAfter).isAfter(now);
  }

  /** The longest that a container in its present life sets itself to wait. */
  Duration longestWait(Container container) {
    return switch (container.life()) {
      case WAITING, RUNNING -> Duration.ZERO;
      case BACKING_OFF -> backOff(container.failures());
      case LAUNCHING, STAGING, STARTING -> launchLook;
      case UNREACHABLE -> unreachableWaitOf(container.id());
      case KILLING -> killAgain;
    };
  }

  /** How long that container's unreachable copy is waited for. */
  public Duration unreachableWaitOf(ContainerId id) {
    return id.equals(ContainerId.MANAGER) ? managerUnreachableWait : unreachableWait;
  }
}
