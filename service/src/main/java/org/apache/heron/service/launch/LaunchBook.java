package org.apache.heron.service.launch;

import java.util.Optional;

/**
 * Remembers how a topology's scheduler was started, for longer than its process lives. Its methods
 * throw {@link org.apache.heron.spi.scheduler.SchedulerException} when it cannot be read or
 * written.
 */
public interface LaunchBook extends AutoCloseable {
  /** Writes the record, replacing an older one. */
  void write(LaunchRecord record);

  /** The record, if there is one. */
  Optional<LaunchRecord> read();

  /** True if the scheduler has got so far that containers of it may run. */
  boolean hasBegun();

  /**
   * Removes what is on record of a scheduler that never got so far; else leaves it.
   *
   * @param topologyId of the submission, because a newer one of that name may be on record by now;
   *     empty if that is no longer known
   */
  void deleteUnlessBegun(String topologyId);

  @Override
  void close();
}
