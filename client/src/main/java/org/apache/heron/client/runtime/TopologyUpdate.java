package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.dryrun.UpdateDryRun;
import org.apache.heron.client.scheduler.TManagerClient;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.statemgr.StateKind;

/** Changes a topology while it runs. */
public final class TopologyUpdate {
  /** The scheduler deactivates, changes and activates the topology before it answers. */
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final RuntimeSession session;

  public TopologyUpdate(RuntimeSession session) {
    this.session = session;
  }

  /**
   * Carries out the update, or makes up the text of a dry run.
   *
   * @return the dry run's text
   * @throws ClientException if nothing would change, a component is not known, or the scheduler or
   *     topology manager refuses
   */
  public Optional<String> run(UpdateRequest request) {
    Presence.require(session);
    if (!request.runtimeConfig().isEmpty()) {
      new TManagerClient(TopologyActivation.managerOf(session))
          .updateRuntimeConfig(request.runtimeConfig());
      return Optional.empty();
    }
    PackingPlan current =
        Launchers.plan(session)
            .orElseThrow(
                () ->
                    new ClientException(
                        "Topology '" + session.topology() + "' has no packing plan"));
    PackingPlan proposed = repack(current, request);
    if (request.dryRun().isPresent()) {
      String repacking = session.local().string(Key.REPACKING_CLASS);
      return Optional.of(
          new UpdateDryRun(repacking, session.topology(), current, proposed)
              .render(request.dryRun().get()));
    }
    session.progress().stage("updating");
    Schedulers.require(
        session,
        Schedulers.of(session).update(current, proposed, LIMIT),
        "Failed to update topology with Scheduler, updateTopologyRequest for topology '"
            + session.topology()
            + "'");
    return Optional.empty();
  }

  private PackingPlan repack(PackingPlan current, UpdateRequest request) {
    Map<String, Integer> deltas = deltas(current, request);
    boolean moreContainers =
        request.containers().filter(wanted -> wanted != current.containers().size()).isPresent();
    if (deltas.isEmpty() && !moreContainers) {
      throw new ClientException(
          request.parallelism().isEmpty()
              ? "The container number request ("
                  + request.containers().orElse(0)
                  + ") is the same as the current topology's. Not taking action."
              : "The component parallelism request ("
                  + String.join(",", request.parallelism())
                  + ") is the same as the current topology parallelism. Not taking action.");
    }
    Config local = session.local();
    Topology topology =
        session
            .state()
            .get(StateKind.TOPOLOGY, session.topology())
            .orElseThrow(
                () -> new ClientException("Topology '" + session.topology() + "' does not exist"));
    session.progress().stage("packing");
    try (IRepacking repacking = session.plugins().repacking(local)) {
      repacking.initialize(local, topology);
      return request.containers().isPresent()
          ? repacking.repack(current, request.containers().get(), deltas)
          : repacking.repack(current, deltas);
    }
  }

  private static Map<String, Integer> deltas(PackingPlan current, UpdateRequest request) {
    Map<String, Integer> running = current.componentCounts();
    Map<String, Integer> deltas = new LinkedHashMap<>();
    for (String change : request.parallelism()) {
      int colon = change.lastIndexOf(':');
      String component = change.substring(0, colon);
      Integer before = running.get(component);
      if (before == null) {
        throw new ClientException(
            "Invalid component name in update request: "
                + component
                + "; the components are "
                + String.join(", ", running.keySet()));
      }
      int wanted = number(change.substring(colon + 1), change);
      if (wanted == before) {
        deltas.remove(component);
      } else {
        deltas.put(component, wanted - before);
      }
    }
    return deltas;
  }

  private static int number(String text, String change) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // A number that does not fit: reported with the rest.
    }
    throw new ClientException(
        "Invalid value '" + change + "' of --component-parallelism: at least 1, and below 2^31");
  }
}
