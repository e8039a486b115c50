package org.apache.heron.spi.scheduler;

import org.apache.heron.spi.packing.PackingPlan;

/**
 * Brings a topology to its scheduler: for a service scheduler by starting the scheduler process,
 * for a library scheduler by calling it. Named by {@code heron.class.launcher}; created by
 * reflection with a no-argument constructor; runs where {@code heron submit} runs.
 */
public interface ILauncher extends AutoCloseable {
  void initialize(LaunchContext context);

  /**
   * Launches and returns when the scheduler has taken over: its process answers at the published
   * scheduler location (service), or it has accepted the job (library).
   *
   * @throws SchedulerException if that fails; whatever was begun is undone then
   */
  void launch(PackingPlan plan);

  /** Removes what {@link #launch} left on this host, after a kill; fine if nothing is there. */
  void cleanUp();

  @Override
  void close();
}
