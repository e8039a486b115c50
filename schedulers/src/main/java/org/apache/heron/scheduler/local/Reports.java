package org.apache.heron.scheduler.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.scheduler.local.core.Fleet;
import org.apache.heron.scheduler.local.core.Happening;
import org.apache.heron.scheduler.local.core.Life;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.apache.heron.spi.scheduler.TopologyHistory;

/** What the scheduler knows, in the words that all schedulers have in common. Pure. */
final class Reports {
  /** Nothing is offered on one host. */
  static final Explanation.Market NO_MARKET = new Explanation.Market("", 0, 0, 0, 0);

  private static final double MEBIBYTE = 1 << 20;

  private final String topology;
  private final String topologyId;
  private final String hostname;

  Reports(String topology, String topologyId, String hostname) {
    this.topology = topology;
    this.topologyId = topologyId;
    this.hostname = hostname;
  }

  SchedulerStatus status(Fleet fleet, PackingPlan plan, String problem) {
    return new SchedulerStatus(
            topology,
            topologyId,
            phase(fleet),
            "",
            "",
            problem,
            fleet.containers().values().stream().map(each -> container(each, plan)).toList())
        .withRenewing(fleet.renewing());
  }

  /** Before the scheduler has begun. */
  SchedulerStatus status(String problem) {
    return new SchedulerStatus(topology, topologyId, Phase.REGISTERING, "", "", problem, List.of());
  }

  private static Phase phase(Fleet fleet) {
    return switch (fleet.phase()) {
      case SERVING -> Phase.RUNNING;
      case KILLING -> Phase.KILLING;
      case KILLED -> Phase.KILLED;
    };
  }

  private SchedulerStatus.Container container(Container container, PackingPlan plan) {
    Resource size = size(container.id(), plan);
    boolean there = container.life().hasProcess();
    return new SchedulerStatus.Container(
        container.id(),
        container.life().name(),
        there ? taskId(container) : "",
        container.attempt(),
        container.failures(),
        "",
        there ? hostname : "",
        size.cpu(),
        size.ram().bytes() / MEBIBYTE,
        size.disk().bytes() / MEBIBYTE,
        there ? ports(container) : Map.of(),
        container.reason(),
        retryAt(container),
        container.since().toEpochMilli());
  }

  private static Resource size(int container, PackingPlan plan) {
    return plan.container(container).map(each -> each.required()).orElse(Resource.EMPTY);
  }

  private static String taskId(Container container) {
    return "container_" + container.id() + "_" + container.attempt();
  }

  private static Map<String, Integer> ports(Container container) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    Jobs.named(container.ports()).forEach((port, number) -> ports.put(port.portName(), number));
    return ports;
  }

  private static long retryAt(Container container) {
    Optional<Instant> retry =
        container.life() == Life.BACKING_OFF ? container.due() : Optional.empty();
    return retry.map(Instant::toEpochMilli).orElse(0L);
  }

  Explanation explain(SchedulerStatus status, Fleet fleet, PackingPlan plan, Instant now) {
    return new Explanation(
        topology,
        now.toEpochMilli(),
        status.phase(),
        status.problem(),
        NO_MARKET,
        fleet.containers().values().stream().map(each -> explained(each, plan)).toList(),
        List.of());
  }

  private Explanation.Container explained(Container container, PackingPlan plan) {
    return new Explanation.Container(
        container.id(),
        container.life().name(),
        line(container),
        container.since().toEpochMilli(),
        container.attempt(),
        container.failures(),
        retryAt(container),
        container.reason(),
        needs(size(container.id(), plan)),
        List.of(),
        0,
        List.of());
  }

  private String line(Container container) {
    return switch (container.life()) {
      case WAITING -> "is started next";
      case BACKING_OFF ->
          "backs off after "
              + container.failures()
              + (container.failures() == 1 ? " failure" : " failures in a row");
      case STARTING, KILLING, RUNNING ->
          "on "
              + hostname
              + container.mark().map(mark -> " as process " + mark.pid()).orElse("")
              + (container.life() == Life.RUNNING || container.reason().isEmpty()
                  ? ""
                  : ": " + container.reason());
    };
  }

  /** What a container is planned with; nothing keeps it from using more. */
  static List<Explanation.Quantity> needs(Resource size) {
    return List.of(
        new Explanation.Quantity("cpus", size.cpu()),
        new Explanation.Quantity("mem", size.ram().bytes() / MEBIBYTE),
        new Explanation.Quantity("disk", size.disk().bytes() / MEBIBYTE));
  }

  /**
   * What has happened to the containers.
   *
   * @param source who says so
   */
  static TopologyHistory history(String topology, String source, Collection<Container> containers) {
    List<TopologyHistory.Container> told = new ArrayList<>();
    for (Container container : containers) {
      told.add(
          new TopologyHistory.Container(
              container.id(),
              container.history().happenings().stream().map(Reports::happening).toList(),
              container.history().forgotten()));
    }
    return new TopologyHistory(topology, source, List.of(), 0, told);
  }

  private static TopologyHistory.Happening happening(Happening happening) {
    return new TopologyHistory.Happening(
        happening.at().toEpochMilli(),
        happening.kind().name(),
        happening.attempt(),
        happening.text());
  }
}
