package org.apache.heron.spi.scheduler;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * Runs the containers of one topology. Named by {@code heron.class.scheduler}; created by
 * reflection with a no-argument constructor. Thread-safe after {@link #initialize}.
 *
 * <p>Where {@code heron.scheduler.is.service} is false it is a library: created for one command in
 * the command's own process, and closed after it. What it knows from one command to the next is in
 * the cluster. Every method then ends in bounded time, and may throw {@link SchedulerException}
 * when the cluster cannot be asked.
 */
public interface IScheduler extends AutoCloseable {
  void initialize(SchedulerContext context);

  /**
   * Says where this process takes commands, as host:port. Called at most once, before {@link
   * #onSchedule}.
   */
  default void listensAt(String endpoint) {}

  /**
   * Begins (or, if there is state of an earlier run, resumes) running the plan's containers and
   * container 0; returns without waiting for them. A library leaves nothing in the cluster if it
   * throws.
   *
   * @param plan asked for whenever this process comes to lead, which may be later, or more than
   *     once
   */
  void onSchedule(Supplier<PackingPlan> plan);

  /** True while this process decides for the topology; false while it stands by for another. */
  default boolean leads() {
    return true;
  }

  /** Web pages that show the job; known once the scheduler has registered. */
  List<String> jobLinks();

  /** Ends all containers and removes the scheduler's own state. Idempotent. */
  Outcome onKill();

  /**
   * Restarts containers, some at a time.
   *
   * @param container the container's id, or -1 for all
   * @param parallel how many of all at a time; 0 leaves that to the configuration
   * @return completes when the new copies run, or with a refusal when one does not come to run
   */
  CompletableFuture<Outcome> onRestart(int container, int parallel);

  /**
   * Makes the plan's containers, and container 0, the wanted ones: those that are missing come to
   * wait for their place, those that are no longer in it are ended and forgotten, the others run
   * on; one whose size has changed takes its new size when it is launched next, at the latest when
   * it is restarted, or never (see {@link #resizes}). Idempotent; another plan that is wanted
   * meanwhile takes this one's place.
   *
   * @return completes when all that was added runs, and all that was removed is gone; where the
   *     cluster numbers containers its own way, with the numbers that it gave
   */
  CompletableFuture<Outcome> onScale(PackingPlan wanted);

  /**
   * True if a container that {@link #onRestart} restarts has the size that the plan in shared state
   * names by then; false where all keep the size that the topology was submitted with, so that only
   * another submit gives them more.
   */
  default boolean resizes() {
    return true;
  }

  /** What runs now, what waits and why. */
  SchedulerStatus status();

  /** What each container waits for, and why; empty if this scheduler cannot say. */
  default Optional<Explanation> explain() {
    return Optional.empty();
  }

  /** What happened so far, as far as it is kept; empty if this scheduler keeps nothing. */
  default Optional<TopologyHistory> history() {
    return Optional.empty();
  }

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

  /**
   * Whether a command was carried out, and one line about it.
   *
   * @param stopped true if this process ended, or ceased to lead, before it was known: whoever
   *     schedules next goes on with what is on record
   * @param renumbered the plan's ids of containers that were added and have got others from the
   *     cluster, each with that other; empty if all have those of the plan
   */
  record Outcome(boolean ok, boolean stopped, String message, Map<Integer, Integer> renumbered) {
    public Outcome {
      renumbered = Map.copyOf(renumbered);
    }

    public static Outcome done(String message) {
      return done(message, Map.of());
    }

    /** As {@link #done(String)}, where containers have got other numbers than the plan's. */
    public static Outcome done(String message, Map<Integer, Integer> renumbered) {
      return new Outcome(true, false, message, renumbered);
    }

    public static Outcome refused(String message) {
      return new Outcome(false, false, message, Map.of());
    }

    /** The answer of a process that ends, or ceases to lead, while the command waits. */
    public static Outcome stopped(String message) {
      return new Outcome(false, true, message, Map.of());
    }
  }
}
