package org.apache.heron.spi.diagnosis;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;

/**
 * What a scheduler places containers on, as {@code heron doctor} looks at it. Made by {@link
 * org.apache.heron.spi.scheduler.ILauncher#backEnd}; used by one thread. Each method blocks for a
 * bounded time, and says what went wrong as a finding, or as {@link Life.State#UNKNOWN}.
 */
public interface BackEnd extends AutoCloseable {
  /**
   * Looks whether the back end is there, lets us in, and has what containers need; the clock too
   * ({@link ClockDifference}). A failure does not keep the later checks from being made where they
   * make sense.
   *
   * @param findings is told each at once
   */
  void check(Consumer<Finding> findings) throws InterruptedException;

  /**
   * Has the core package fetched where containers run, by something that runs for a moment and
   * leaves nothing behind.
   */
  default void fetchCore(Consumer<Finding> findings) throws InterruptedException {
    findings.accept(Finding.skipped("fetch", "this scheduler has no way to try it"));
  }

  /**
   * Whether anything of a topology runs, whatever shared state says.
   *
   * @param topology name
   */
  Life life(String topology) throws InterruptedException;

  /**
   * The same where it matters who has submitted the topology, and when.
   *
   * @param execution its execution state; empty if there is none
   */
  default Life life(String topology, Optional<ExecutionState> execution)
      throws InterruptedException {
    return life(topology);
  }

  /**
   * The topologies of which the scheduler has records of its own in shared state, besides those of
   * {@link org.apache.heron.spi.statemgr.StateKind}.
   *
   * @throws RuntimeException with a message for the user, if shared state cannot be read
   */
  default Set<String> recorded() {
    return Set.of();
  }

  /** Removes these records; called only after {@link #life} has said that it is gone. */
  default void forget(String topology) {}

  @Override
  void close();
}
