package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.heron.client.ClientException;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Looks what becomes of a restart whose answer was lost. Whether it is on record, and goes on, only
 * the scheduler that leads knows. Not thread-safe.
 */
final class RestartWatch {
  /** Who was paused answers that nothing is to be restarted before it has read what was sent. */
  private static final Duration CERTAINTY = Duration.ofSeconds(2);

  private final RuntimeSession session;
  private final Replacements copies;
  private final String submission;
  private final Duration limit;
  private final LongSupplier nanos;
  private final long begin;
  private Optional<Long> givenUpSince = Optional.empty();

  /**
   * @param copies that are to be replaced, as they were before
   * @param submission the topology's id
   * @param limit how long the restart may take at most
   * @param nanos the time
   */
  RestartWatch(
      RuntimeSession session,
      Replacements copies,
      String submission,
      Duration limit,
      LongSupplier nanos) {
    this.session = session;
    this.copies = copies;
    this.submission = submission;
    this.limit = limit;
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
  }

  /**
   * One look.
   *
   * @param said what the scheduler says of itself whose location is published now
   * @return the end's word; empty if it goes on, or may do so
   * @throws ClientException if it does not go on, or has not ended within its limit
   */
  Optional<String> over(Optional<SchedulerStatus> said) {
    requireTopology();
    if (said.isPresent() && isOver(said.get())) {
      return Optional.of("all restarted");
    }
    if (nanos.getAsLong() - begin > limit.toNanos()) {
      throw failed(
          copies.counts() + " after " + limit.toMinutes() + " minutes; it is not watched any more");
    }
    return Optional.empty();
  }

  private void requireTopology() {
    Optional<ExecutionState> execution =
        session.state().get(StateKind.EXECUTION_STATE, session.topology());
    if (execution.isEmpty()) {
      throw failed(copies.counts() + "; the topology was killed meanwhile");
    }
    if (!execution.get().getTopologyId().equals(submission)) {
      throw failed(copies.counts() + "; the topology was killed and submitted anew meanwhile");
    }
  }

  private boolean isOver(SchedulerStatus status) {
    if (status.phase() == Phase.STANDING_BY || status.phase() == Phase.REGISTERING) {
      givenUpSince = Optional.empty();
      return false;
    }
    copies.look(status);
    boolean givenUp = isGivenUp(status);
    if (givenUp || copies.isSomeoneGone(status)) {
      forgetUnwanted();
    }
    session.progress().stage(copies.counts(status));
    if (copies.left().isEmpty()) {
      return true;
    }
    if (status.phase() == Phase.KILLING || status.phase() == Phase.KILLED) {
      throw failed(copies.counts() + "; the topology is being killed");
    }
    if (status.phase() == Phase.FAILED) {
      throw failed(copies.counts() + "; the scheduler cannot go on: " + status.problem());
    }
    if (givenUp) {
      throw failed(copies.counts(status) + "; the rest was given up, repeat the command");
    }
    return false;
  }

  /** True if that has been said for a while. */
  private boolean isGivenUp(SchedulerStatus status) {
    long now = nanos.getAsLong();
    givenUpSince =
        copies.isGivenUp(status) ? Optional.of(givenUpSince.orElse(now)) : Optional.empty();
    return givenUpSince.filter(since -> now - since >= CERTAINTY.toNanos()).isPresent();
  }

  /** An update may have taken some away meanwhile: the plan is rewritten before they are ended. */
  private void forgetUnwanted() {
    Optional<PackingPlan> plan = Launchers.plan(session);
    if (plan.isEmpty()) {
      return; // cut off, or being killed: the next look tells
    }
    Set<Integer> unwanted = new HashSet<>(copies.left());
    unwanted.removeAll(wanted(plan.get()));
    copies.forget(unwanted);
    if (copies.isEmpty()) {
      throw failed("container " + unwanted.iterator().next() + " was removed meanwhile");
    }
  }

  private static List<Integer> wanted(PackingPlan plan) {
    return IntStream.concat(IntStream.of(0), plan.containers().stream().mapToInt(ContainerPlan::id))
        .boxed()
        .toList();
  }

  private ClientException failed(String why) {
    return new ClientException(failedTo(session) + ": " + why);
  }

  /** How every message begins that says that a restart was not, or not wholly, carried out. */
  static String failedTo(RuntimeSession session) {
    return "Failed to restart topology '" + session.topology() + "'";
  }
}
