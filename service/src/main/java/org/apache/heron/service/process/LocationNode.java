package org.apache.heron.service.process;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node that tells others where the leading scheduler listens. It is there as soon as that
 * scheduler answers, is written again when the job's page becomes known, which is after
 * registration, and goes when this process leads no longer.
 */
final class LocationNode implements Leading.Duty, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocationNode.class);

  private final IStateManager state;
  private final String topology;
  private final String endpoint;
  private Supplier<List<String>> links = List::of;
  private Optional<List<String>> published = Optional.empty();

  LocationNode(IStateManager state, String topology, String endpoint) {
    this.state = state;
    this.topology = topology;
    this.endpoint = endpoint;
  }

  /** Publishes these links with the location, as they are then. */
  synchronized void follow(Supplier<List<String>> jobLinks) {
    links = jobLinks;
  }

  @Override
  public synchronized void attend() {
    List<String> now = links.get();
    boolean news = !now.isEmpty() && !published.equals(Optional.of(now));
    if (published.isEmpty() || news) {
      put(now);
    }
  }

  private void put(List<String> now) {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        topology,
        SchedulerLocation.newBuilder()
            .setTopologyName(topology)
            .setHttpEndpoint(endpoint)
            .addAllJobPageLink(now)
            .build());
    published = Optional.of(now);
    LOG.info("commands are taken at {}; job: {}", endpoint, now);
  }

  @Override
  public synchronized void leave() {
    if (published.isPresent()) {
      removeOurs();
      published = Optional.empty();
    }
  }

  // A scheduler that was deposed must not remove its successor's.
  private void removeOurs() {
    boolean ours =
        state
            .get(StateKind.SCHEDULER_LOCATION, topology)
            .filter(location -> location.getHttpEndpoint().equals(endpoint))
            .isPresent();
    if (ours) {
      state.delete(StateKind.SCHEDULER_LOCATION, topology);
    }
  }

  @Override
  public void close() {
    try {
      leave();
    } catch (StateException e) {
      LOG.warn("the scheduler's location is left behind: {}", e.getMessage());
    }
  }
}
