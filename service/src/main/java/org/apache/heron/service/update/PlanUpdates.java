package org.apache.heron.service.update;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.service.call.Route;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.UpdateStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates of a topology, one at a time, in a thread of their own: an update goes on when who
 * asked for it does not wait any more, and one that was cut off goes on by itself. Thread-safe.
 */
public final class PlanUpdates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlanUpdates.class);
  private static final long TRY_AGAIN_SECONDS = 20;
  private static final String BY_ITSELF = "goes on by itself";
  private static final String ON_REQUEST = "goes on when heron update is repeated";

  private final Sequence sequence;
  private final Journal journal;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "plan-update");
            made.setDaemon(true);
            return made;
          });
  private volatile Optional<String> stopped = Optional.of("this process does not lead");
  private volatile UpdateStatus status = UpdateStatus.NONE;
  private Optional<Running> running = Optional.empty();
  private Optional<ScheduledFuture<?>> goingOn = Optional.empty();

  /** An update that this process is carrying out. */
  private record Running(PackingPlan proposed, CompletableFuture<Outcome> outcome) {}

  /** Updates of that submission of a topology; nothing is done until {@link #begin}. */
  public PlanUpdates(
      IStateManager state, String topology, String topologyId, IScheduler scheduler) {
    this(state, topology, topologyId, scheduler, BY_ITSELF, Route.DIRECT);
  }

  private PlanUpdates(
      IStateManager state,
      String topology,
      String topologyId,
      IScheduler scheduler,
      String unfinished,
      Route route) {
    this.journal = new Journal(state, topology, topologyId);
    Waiting waiting = new Waiting(() -> stopped);
    this.sequence =
        new Sequence(state, topology, journal, scheduler, waiting, this::step, unfinished, route);
  }

  /**
   * Updates that are carried out by whoever asks for them, in its own process: what was cut off
   * goes on when it is asked for again.
   *
   * @param route to the topology manager
   */
  public static PlanUpdates onRequest(
      IStateManager state, String topology, String topologyId, IScheduler scheduler, Route route) {
    PlanUpdates updates =
        new PlanUpdates(state, topology, topologyId, scheduler, ON_REQUEST, route);
    updates.stopped = Optional.empty();
    return updates;
  }

  /**
   * What a scheduler that starts is to run: the plan in shared state or, in the middle of an
   * update, whatever the old and the new plan may have running.
   */
  public PackingPlan planToSchedule(PackingPlan inState) {
    return journal
        .read()
        .map(entry -> PlanChange.union(inState, entry.union().containers()))
        .orElse(inState);
  }

  /**
   * This process schedules from now on: goes on with what is unfinished, now and ever again. Does
   * nothing if it has begun.
   */
  public synchronized void begin() {
    if (goingOn.isEmpty() && !thread.isShutdown()) {
      stopped = Optional.empty();
      goingOn =
          Optional.of(
              thread.scheduleWithFixedDelay(this::goOn, 0, TRY_AGAIN_SECONDS, TimeUnit.SECONDS));
    }
  }

  /** This process does not schedule any more; whoever does goes on with what is unfinished. */
  public synchronized void end() {
    giveUp("the scheduler has stopped; the update goes on when it runs again");
    goingOn.ifPresent(task -> task.cancel(false));
    goingOn = Optional.empty();
  }

  /**
   * Carries out an update, or joins the one under way if it is the same. Returns when it has ended.
   */
  public Outcome update(PackingPlan current, PackingPlan proposed) {
    CompletableFuture<Outcome> outcome;
    synchronized (this) {
      if (stopped.isPresent()) {
        return Outcome.refused(stopped.get());
      }
      Optional<Running> now = running.filter(update -> !update.outcome().isDone());
      if (now.isPresent() && !now.get().proposed().equals(proposed)) {
        String step = status.step();
        return Outcome.refused("another update is under way" + (step.isEmpty() ? "" : ": " + step));
      }
      outcome =
          now.map(Running::outcome)
              .orElseGet(() -> begin(proposed, () -> sequence.begin(current, proposed)));
    }
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.refused("the scheduler is stopping; the update goes on when it runs again");
    }
  }

  /** Does something in the update's thread. */
  private interface Work {
    Outcome run() throws InterruptedException;
  }

  private CompletableFuture<Outcome> begin(PackingPlan proposed, Work work) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    running = Optional.of(new Running(proposed, outcome));
    try {
      thread.execute(() -> carryOut(work, outcome));
    } catch (RejectedExecutionException e) {
      outcome.complete(Outcome.refused("the scheduler is stopping"));
    }
    return outcome;
  }

  private void carryOut(Work work, CompletableFuture<Outcome> outcome) {
    status = new UpdateStatus(true, "", System.currentTimeMillis(), "");
    Outcome result;
    try {
      result = work.run();
    } catch (InterruptedException e) {
      result =
          Outcome.refused(stopped.orElse(e.getMessage() == null ? "interrupted" : e.getMessage()));
    } catch (RuntimeException e) { // the thread's edge: whoever asked is to hear of it
      LOG.warn("the update failed", e);
      result = Outcome.refused(String.valueOf(e.getMessage()));
    } catch (Throwable e) { // also of an Error
      result = Outcome.refused("the update has failed: " + e);
      LOG.error("the update failed", e);
    }
    LOG.info("update: {}", result);
    status = new UpdateStatus(false, "", status.since(), result.message());
    outcome.complete(result);
  }

  private void goOn() {
    try {
      Optional<Journal.Entry> unfinished = journal.read();
      if (unfinished.isEmpty() || stopped.isPresent()) {
        return;
      }
      LOG.info("going on with an unfinished update");
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      synchronized (this) {
        running = Optional.of(new Running(unfinished.get().proposed(), outcome));
      }
      carryOut(
          () -> sequence.goOn().orElse(Outcome.refused("another process carries it out")), outcome);
    } catch (RuntimeException e) { // the thread's edge; the next round tries again
      LOG.warn("an unfinished update cannot be looked at: {}", e.getMessage());
    } catch (Throwable e) { // also after an Error, which would else end the rounds
      LOG.error("an unfinished update cannot be looked at", e);
    }
  }

  private void step(String text) {
    if (!text.equals(status.step())) {
      LOG.info("update: {}", text);
      status = new UpdateStatus(true, text, status.since(), "");
    }
  }

  /** How things stand. */
  public UpdateStatus status() {
    return status;
  }

  /** No step is begun any more, until this process begins anew. */
  public void giveUp(String why) {
    stopped = stopped.or(() -> Optional.of(why));
  }

  /** Stops after the step that is being done; whoever schedules next goes on. */
  @Override
  public void close() {
    end();
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a step of an update does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
