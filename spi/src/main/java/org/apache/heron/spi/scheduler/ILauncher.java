package org.apache.heron.spi.scheduler;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * Brings a topology to its scheduler: for a service scheduler by starting the scheduler process,
 * for a library scheduler by calling it. Named by {@code heron.class.launcher}; created by
 * reflection with a no-argument constructor; runs where {@code heron submit} runs.
 */
public interface ILauncher extends AutoCloseable {
  void initialize(LaunchContext context);

  /**
   * Looks whether the configuration is one that can be launched with, before anything is begun;
   * asked of a launcher that was not initialized.
   *
   * @param cluster configuration with paths relative to a container's sandbox
   * @throws org.apache.heron.spi.config.ConfigException naming the value that is wrong, its key and
   *     file
   */
  default void check(Config cluster, String topology) {}

  /**
   * Launches and returns when the scheduler has taken over: its process answers at the published
   * scheduler location (service), or it has accepted the job (library).
   *
   * @throws SchedulerException if that fails; whatever was begun is undone then
   */
  void launch(PackingPlan plan);

  /**
   * Starts the scheduler process of a topology in shared state again, after its process has ended,
   * and returns as {@link #launch} does. The context's topology may be the trimmed copy then, and
   * its package URI is {@link LaunchContext#UNKNOWN_PACKAGE}: what else is needed is in the
   * scheduler's working directory, or in shared state.
   *
   * @return false if there is nothing to go on with, because the scheduler never registered with
   *     the cluster, or has finished a kill that was cut off: nothing of the topology runs there
   * @throws SchedulerException if it cannot be started here; the message says what to do
   */
  default boolean resume(PackingPlan plan) {
    throw new SchedulerException(
        getClass().getName() + " has no scheduler process that could be started again");
  }

  /**
   * Starts one more scheduler process of a running topology, which waits until none leads and then
   * goes on with the same containers. Returns when it waits.
   *
   * @return what to tell the user: which process that is, and where it logs
   * @throws SchedulerException if there is nothing to stand by for, or it cannot be started here
   */
  default String standBy() {
    throw new SchedulerException(
        getClass().getName() + " has no scheduler process to stand by for");
  }

  /**
   * True if a scheduler process of this submission was started on this host, and what it needs to
   * be started again is still here. Says nothing of whether it lives.
   */
  default boolean startedHere() {
    return false;
  }

  /** Where on this host the scheduler process logs, once it was started; empty if nowhere. */
  default Optional<Path> schedulerLog() {
    return Optional.empty();
  }

  /**
   * What the cluster has for a plan today, without launching anything: as {@link
   * IScheduler#explain}, with WAITING for each container that would find no place.
   *
   * @throws SchedulerException if the cluster cannot be asked
   */
  default Explanation survey(PackingPlan plan) throws InterruptedException {
    throw new SchedulerException(
        getClass().getName() + " cannot ask the cluster what it has before launching");
  }

  /**
   * What of the topology runs in the cluster although nothing that a scheduler could go on with is
   * on record: one line for people, with how to end it. Empty if nothing does.
   *
   * @throws SchedulerException if that cannot be found out
   */
  default Optional<String> survivor() {
    return Optional.empty();
  }

  /** What is on record of the topology's past while no scheduler runs; empty if nothing is. */
  default Optional<TopologyHistory> recordedHistory() {
    return Optional.empty();
  }

  /**
   * What containers are placed on, for {@code heron doctor}; asked of a launcher that was not
   * initialized, because there is no topology. Empty if there is nothing to be looked at.
   *
   * @param local configuration with this host's paths
   * @param cluster configuration with paths relative to a container's sandbox
   * @throws org.apache.heron.spi.config.ConfigException if the configuration does not say where it
   *     is
   */
  default Optional<BackEnd> backEnd(Config local, Config cluster) {
    return Optional.empty();
  }

  /** Removes what {@link #launch} left on this host, after a kill; fine if nothing is there. */
  void cleanUp();

  @Override
  void close();
}
