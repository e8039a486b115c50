package org.apache.heron.client.runtime;

import java.util.List;
import java.util.Optional;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** Which topologies are in shared state. Not thread-safe. */
public final class TopologyDirectory implements AutoCloseable {
  private final IStateManager state;

  private TopologyDirectory(IStateManager state) {
    this.state = state;
  }

  /**
   * Connects.
   *
   * @throws RuntimeException with a message for the user if shared state cannot be reached
   */
  public static TopologyDirectory open(Settings settings) {
    Config local = settings.local();
    IStateManager state = Plugins.standard().stateManager(local);
    try {
      state.initialize(local);
      return new TopologyDirectory(state);
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /**
   * A topology at a glance.
   *
   * @param role and the next: empty if its submit was cut off
   * @param submittedAt seconds since 1970, 0 if that is not on record
   * @param state RUNNING, PAUSED, or empty as long as it has no physical plan
   * @param scheduler the endpoint that its scheduler has published; empty if none runs
   * @param jobPages web pages of its job
   */
  public record Entry(
      String name,
      String cluster,
      String role,
      String environment,
      String id,
      String submittedBy,
      long submittedAt,
      String state,
      String scheduler,
      List<String> jobPages) {
    public Entry {
      jobPages = List.copyOf(jobPages);
    }
  }

  /** All of a cluster, by name; also those whose submit was cut off before it said where. */
  public List<Entry> of(String cluster) {
    return state.list(StateKind.TOPOLOGY).stream()
        .map(this::entry)
        .filter(entry -> entry.cluster().isEmpty() || entry.cluster().equals(cluster))
        .toList();
  }

  /** One of them; empty if there is none of that name. */
  public Optional<Entry> find(String topology) {
    return state.exists(StateKind.TOPOLOGY, topology)
        ? Optional.of(entry(topology))
        : Optional.empty();
  }

  private Entry entry(String topology) {
    ExecutionState execution =
        state
            .get(StateKind.EXECUTION_STATE, topology)
            .orElseGet(ExecutionState::getDefaultInstance);
    Optional<SchedulerLocation> scheduler = state.get(StateKind.SCHEDULER_LOCATION, topology);
    return new Entry(
        topology,
        execution.getCluster(),
        execution.getRole(),
        execution.getEnviron(),
        execution.getTopologyId(),
        execution.getSubmissionUser(),
        execution.getSubmissionTime(),
        state
            .get(StateKind.PHYSICAL_PLAN, topology)
            .map(plan -> plan.getTopology().getState().name())
            .orElse(""),
        scheduler.map(SchedulerLocation::getHttpEndpoint).orElse(""),
        scheduler.map(found -> List.copyOf(found.getJobPageLinkList())).orElse(List.of()));
  }

  @Override
  public void close() {
    state.close();
  }
}
