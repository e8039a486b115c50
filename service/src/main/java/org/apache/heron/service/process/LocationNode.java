package org.apache.heron.service.process;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node that tells others where the scheduler listens. It is there as soon as the scheduler
 * answers, and is written again when the job's page becomes known, which is after registration.
 */
final class LocationNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocationNode.class);
  private static final long LOOK_MILLIS = 500;

  private final IStateManager state;
  private final String topology;
  private final String endpoint;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "scheduler-location");
            thread.setDaemon(true);
            return thread;
          });
  private List<String> published = List.of();

  LocationNode(IStateManager state, String topology, String endpoint) {
    this.state = state;
    this.topology = topology;
    this.endpoint = endpoint;
  }

  /** Publishes the location now, and again whenever the links have changed. */
  void publish(Supplier<List<String>> links) {
    put(links.get());
    looking.scheduleWithFixedDelay(
        () -> {
          List<String> now = links.get();
          if (!now.isEmpty() && !now.equals(published)) {
            try {
              put(now);
            } catch (StateException e) {
              LOG.warn("the scheduler's location cannot be written now: {}", e.getMessage());
            }
          }
        },
        LOOK_MILLIS,
        LOOK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private void put(List<String> links) {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        topology,
        SchedulerLocation.newBuilder()
            .setTopologyName(topology)
            .setHttpEndpoint(endpoint)
            .addAllJobPageLink(links)
            .build());
    published = links;
    LOG.info("commands are taken at {}; job: {}", endpoint, links);
  }

  @Override
  public void close() {
    looking.shutdownNow();
    try {
      looking.awaitTermination(5, TimeUnit.SECONDS);
      boolean ours =
          state
              .get(StateKind.SCHEDULER_LOCATION, topology)
              .filter(location -> location.getHttpEndpoint().equals(endpoint))
              .isPresent();
      // A scheduler that was deposed must not remove its successor's.
      if (ours) {
        state.delete(StateKind.SCHEDULER_LOCATION, topology);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StateException e) {
      LOG.warn("the scheduler's location is left behind: {}", e.getMessage());
    }
  }
}
