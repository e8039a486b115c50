package org.apache.heron.client.scheduler;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.service.call.Route;
import org.apache.heron.service.update.PlanUpdates;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.UpdateStatus;

/**
 * Commands to a scheduler in this process. What it cannot do is a refusal, never unclear: nobody
 * else goes on with it.
 */
final class LibrarySchedulerClient implements SchedulerClient {
  private final Topology topology;
  private final IScheduler scheduler;
  private final PlanUpdates updates;

  /**
   * @param scheduler new; closed with this client
   * @param route to the topology manager
   * @throws RuntimeException with a message for the user if the scheduler cannot be initialized
   */
  LibrarySchedulerClient(IScheduler scheduler, SchedulerContext context, Route route) {
    this.topology = context.topology();
    this.scheduler = scheduler;
    try {
      scheduler.initialize(context);
    } catch (RuntimeException e) {
      scheduler.close();
      throw e;
    }
    this.updates =
        PlanUpdates.onRequest(
            context.state(), topology.getName(), topology.getId(), scheduler, route);
  }

  @Override
  public String name() {
    return "scheduler " + scheduler.getClass().getName();
  }

  @Override
  public boolean answers(Duration limit) {
    return true;
  }

  @Override
  public SchedulerAnswer kill(Duration limit) {
    return answer(scheduler::onKill);
  }

  @Override
  public SchedulerAnswer restart(int container, int parallel, Duration limit) {
    return answer(() -> await(scheduler.onRestart(container, parallel), limit));
  }

  private static Outcome await(CompletableFuture<Outcome> restarted, Duration limit) {
    try {
      return restarted.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      return Outcome.refused("not done within " + limit.toSeconds() + " seconds");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.refused("interrupted");
    }
  }

  @Override
  public SchedulerAnswer update(PackingPlan current, PackingPlan proposed, Duration limit) {
    return answer(() -> updates.update(current, proposed));
  }

  @Override
  public boolean resizes() {
    return scheduler.resizes();
  }

  private static SchedulerAnswer answer(Supplier<Outcome> command) {
    try {
      Outcome outcome = command.get();
      return outcome.ok()
          ? new SchedulerAnswer.Done(outcome.message())
          : new SchedulerAnswer.Refused(outcome.message());
    } catch (SchedulerException e) {
      return new SchedulerAnswer.Refused(e.getMessage());
    }
  }

  /** A cluster that cannot be asked is a status too: who waits shall read why. */
  @Override
  public Optional<SchedulerStatus> status(Duration limit) {
    try {
      return Optional.of(scheduler.status());
    } catch (SchedulerException e) {
      return Optional.of(
          new SchedulerStatus(
              topology.getName(),
              topology.getId(),
              SchedulerStatus.Phase.REGISTERING,
              "",
              "",
              e.getMessage(),
              List.of()));
    }
  }

  @Override
  public Optional<UpdateStatus> update(Duration limit) {
    return Optional.of(updates.status());
  }

  @Override
  public Optional<Explanation> explain(Duration limit) {
    return scheduler.explain();
  }

  @Override
  public Optional<TopologyHistory> history(Duration limit) {
    return scheduler.history();
  }

  @Override
  public void close() {
    updates.close();
    scheduler.close();
  }
}
