package org.apache.heron.spi.scheduler;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * Runs the containers of one topology. Named by {@code heron.class.scheduler}; created by
 * reflection with a no-argument constructor. Thread-safe after {@link #initialize}.
 */
public interface IScheduler extends AutoCloseable {
  void initialize(SchedulerContext context);

  /**
   * Begins (or, if there is state of an earlier run, resumes) running the plan's containers and
   * container 0; returns without waiting for them.
   */
  void onSchedule(PackingPlan plan);

  /** Web pages that show the job; known once the scheduler has registered. */
  List<String> jobLinks();

  /** Ends all containers and removes the scheduler's own state. Idempotent. */
  Outcome onKill();

  /**
   * Restarts a container.
   *
   * @param container the container's id, or -1 for all
   */
  Outcome onRestart(int container);

  /** Changes the running plan. */
  Outcome onUpdate(PackingPlan current, PackingPlan proposed);

  /** What runs now, what waits and why. */
  SchedulerStatus status();

  /**
   * What it counts and measures, in Prometheus' text format 0.0.4; empty if it does not. Answers at
   * any time after {@link #initialize}.
   */
  default String metrics() {
    return "";
  }

  /**
   * Completes when the scheduler's work is over (after a kill); completes exceptionally when it
   * cannot go on, with a {@link SchedulerException} whose message is for the user.
   */
  CompletableFuture<Void> finished();

  /** Lets go of the cluster without ending any container. */
  @Override
  void close();

  /** Whether a command was carried out, and one line about it. */
  record Outcome(boolean ok, String message) {
    public static Outcome done(String message) {
      return new Outcome(true, message);
    }

    public static Outcome refused(String message) {
      return new Outcome(false, message);
    }
  }
}
