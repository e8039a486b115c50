package org.apache.heron.service.update;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;

/** Has the scheduler add and remove containers, and waits until it has. */
final class Scaling {
  /**
   * A container whose tasks failed so often in a row will hardly come up by itself; as submit
   * judges.
   */
  private static final int HOPELESS_FAILURES = 5;

  private static final Duration REMOVAL = Duration.ofMinutes(5);

  private final IScheduler scheduler;
  private final Waiting waiting;
  private final Consumer<String> progress;

  Scaling(IScheduler scheduler, Waiting waiting, Consumer<String> progress) {
    this.scheduler = scheduler;
    this.waiting = waiting;
    this.progress = progress;
  }

  /**
   * Adds what the plan has and does not run yet, and waits until all of that runs.
   *
   * @param added ids of the containers to wait for
   * @return those of them that have got another id from the cluster, each with that other
   */
  Map<Integer, Integer> grow(
      PackingPlan wanted, Set<Integer> added, Duration limit, String limitKey)
      throws UpdateFailedException, InterruptedException {
    if (added.isEmpty()) {
      return Map.of();
    }
    progress.accept("starting " + name(added));
    CompletableFuture<Outcome> scaled = scale(wanted);
    waiting.until(
        limit, limitKey, () -> isDone(scaled) ? Optional.empty() : Optional.of(missing(added)));
    return scaled.join().renumbered();
  }

  private CompletableFuture<Outcome> scale(PackingPlan wanted) throws UpdateFailedException {
    try {
      return scheduler.onScale(wanted);
    } catch (SchedulerException e) {
      throw new UpdateFailedException(e.getMessage());
    }
  }

  private static boolean isDone(CompletableFuture<Outcome> scaled)
      throws UpdateFailedException, InterruptedException {
    if (!scaled.isDone()) {
      return false;
    }
    Outcome outcome;
    try {
      outcome = scaled.join();
    } catch (CompletionException e) {
      throw new UpdateFailedException(String.valueOf(e.getCause().getMessage()));
    }
    if (outcome.stopped()) {
      throw new InterruptedException(outcome.message());
    }
    if (!outcome.ok()) {
      throw new UpdateFailedException("the scheduler says no: " + outcome.message());
    }
    return true;
  }

  private String missing(Set<Integer> added) throws UpdateFailedException, InterruptedException {
    SchedulerStatus status;
    try {
      status = scheduler.status();
    } catch (SchedulerException e) {
      // The cluster cannot be asked just now: the limit decides.
      return e.getMessage();
    }
    requireServing(status);
    List<Container> known =
        status.containers().stream().filter(each -> added.contains(each.id())).toList();
    List<Container> absent =
        known.stream().filter(container -> !container.state().equals("RUNNING")).toList();
    Optional<Container> hopeless =
        absent.stream()
            .filter(container -> container.state().equals("BACKING_OFF"))
            .filter(container -> container.failures() >= HOPELESS_FAILURES)
            .findFirst();
    if (hopeless.isPresent()) {
      throw new UpdateFailedException(
          "container "
              + hopeless.get().id()
              + " failed "
              + hopeless.get().failures()
              + " times"
              + behindColon(hopeless.get().reason()));
    }
    // The scheduler may not have taken them up yet: then it speaks of none of them.
    int running = known.size() - absent.size();
    String counts = running + " of " + added.size() + " new containers run";
    String text =
        absent.stream()
            .findFirst()
            .map(
                c ->
                    counts + "; container " + c.id() + " is " + c.state() + behindColon(c.reason()))
            .orElse(counts);
    progress.accept("starting " + name(added) + ": " + text);
    return text;
  }

  /**
   * Makes the plan the wanted one, and waits until what is removed from it is gone. Also to be
   * called when nothing is removed: the containers' sizes may have changed.
   */
  void shrink(PackingPlan wanted, Collection<ContainerPlan> removed)
      throws UpdateFailedException, InterruptedException {
    Set<Integer> ids = removed.stream().map(ContainerPlan::id).collect(Collectors.toSet());
    if (!ids.isEmpty()) {
      progress.accept("ending " + name(ids));
    }
    CompletableFuture<Outcome> scaled = scale(wanted);
    waiting.until(
        REMOVAL,
        "the longest that an update waits for the end of containers",
        () -> {
          if (isDone(scaled)) {
            return Optional.empty();
          }
          return Optional.of(leftOf(ids));
        });
  }

  private String leftOf(Set<Integer> ids) throws InterruptedException {
    SchedulerStatus status;
    try {
      status = scheduler.status();
    } catch (SchedulerException e) {
      return e.getMessage();
    }
    requireServing(status);
    Set<Integer> left =
        status.containers().stream()
            .map(Container::id)
            .filter(ids::contains)
            .collect(Collectors.toSet());
    return left.isEmpty() ? "the scheduler has not answered" : name(left) + " has not ended";
  }

  private static void requireServing(SchedulerStatus status) throws InterruptedException {
    switch (status.phase()) {
      case REGISTERING, RUNNING -> {}
      case STANDING_BY -> throw new InterruptedException("another scheduler process leads");
      case KILLING, KILLED -> throw new InterruptedException("the topology is being killed");
      // Who cannot go on cannot take anything back either.
      case FAILED ->
          throw new InterruptedException("the scheduler cannot go on: " + status.problem());
    }
  }

  static String name(Collection<Integer> ids) {
    String list =
        new TreeSet<>(ids).stream().map(String::valueOf).collect(Collectors.joining(", "));
    return (ids.size() == 1 ? "container " : "containers ") + list;
  }

  private static String behindColon(String text) {
    return text == null || text.isEmpty() ? "" : ": " + text;
  }
}
