package org.apache.heron.scheduler.nomad.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.rest.Allocation;
import org.apache.heron.scheduler.nomad.rest.Shortage;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.TopologyHistory.Happening;

/**
 * What is said of a topology. Pure.
 *
 * @param server that was asked
 * @param needs what each container asks for; those that are not wanted any more are missing
 * @param megahertz what one core counts for
 */
public record Reports(
    String topology, String topologyId, String server, Map<Integer, Need> needs, int megahertz) {
  /** There are no offers to tell of. */
  private static final Explanation.Market NO_MARKET = new Explanation.Market("", 0, 0, 0, 0);

  private static final int MOST_HAPPENINGS = 64;

  /** Copies the map. */
  public Reports {
    needs = Map.copyOf(needs);
  }

  /** The status. */
  public SchedulerStatus status(Phase phase, List<ContainerView> containers) {
    return new SchedulerStatus(
        topology,
        topologyId,
        phase,
        "",
        server,
        "",
        containers.stream().map(this::container).toList());
  }

  private SchedulerStatus.Container container(ContainerView view) {
    Optional<Need> need = Optional.ofNullable(needs.get(view.id()));
    return new SchedulerStatus.Container(
        view.id(),
        view.state().name(),
        view.allocation().map(Allocation::id).orElse(""),
        view.attempt(),
        failures(view),
        view.allocation().map(Allocation::nodeId).orElse(""),
        view.allocation().map(Allocation::nodeName).orElse(""),
        need.map(each -> (double) each.cpu() / megahertz).orElse(0.0),
        need.map(Need::memory).orElse(0),
        need.map(Need::disk).orElse(0),
        view.allocation().map(Reports::ports).orElse(Map.of()),
        view.reason(),
        view.retryAt(),
        since(view));
  }

  private static Map<String, Integer> ports(Allocation allocation) {
    Map<String, Integer> ports = new TreeMap<>();
    for (ExecutorPort port : ExecutorPort.values()) {
      address(allocation, port)
          .map(address -> Integer.valueOf(address.substring(address.lastIndexOf(':') + 1)))
          .ifPresent(number -> ports.put(port.portName(), number));
    }
    return ports;
  }

  private static Optional<String> address(Allocation allocation, ExecutorPort port) {
    return Optional.ofNullable(allocation.addresses().get(ContainerJob.label(port)));
  }

  /** What happened to each container, as far as Nomad remembers. */
  public TopologyHistory history(Map<Integer, List<Allocation>> allocations) {
    List<TopologyHistory.Container> containers = new ArrayList<>();
    new TreeMap<>(allocations)
        .forEach(
            (id, all) -> {
              List<Happening> told = new ArrayList<>();
              for (int attempt = 1; attempt <= all.size(); attempt++) {
                told.addAll(happenings(all.get(attempt - 1), attempt));
              }
              int forgotten = Math.max(0, told.size() - MOST_HAPPENINGS);
              containers.add(
                  new TopologyHistory.Container(
                      id, told.subList(forgotten, told.size()), forgotten));
            });
    return new TopologyHistory(topology, "Nomad at " + server, List.of(), 0, containers);
  }

  private static List<Happening> happenings(Allocation allocation, int attempt) {
    List<Happening> told = new ArrayList<>();
    told.add(
        new Happening(
            allocation.createdMillis(),
            "PLACED",
            attempt,
            "on " + allocation.nodeName() + ", allocation " + shortId(allocation)));
    for (Allocation.Event event : allocation.events()) {
      String kind = event.type().toUpperCase(Locale.ROOT).replace(' ', '_');
      told.add(new Happening(event.at(), kind, attempt, event.text()));
    }
    // Of a node that is gone nobody tells events.
    if (allocation.client().equals("lost") || allocation.client().equals("unknown")) {
      String kind = allocation.client().toUpperCase(Locale.ROOT);
      told.add(
          new Happening(
              allocation.changedMillis(), kind, attempt, "node " + allocation.nodeName()));
    }
    return told;
  }

  /** The explanation. */
  public Explanation explanation(long now, Phase phase, List<ContainerView> containers) {
    return new Explanation(
        topology,
        now,
        phase,
        "",
        NO_MARKET,
        containers.stream().map(this::explained).toList(),
        List.of());
  }

  /**
   * What would become of containers that are not launched.
   *
   * @param shortages of those that would find no place, by the name of their group
   */
  public Explanation survey(long now, Map<String, Shortage> shortages) {
    List<Explanation.Container> containers =
        new TreeMap<>(needs)
            .entrySet().stream()
                .map(
                    entry ->
                        surveyed(
                            entry.getKey(),
                            entry.getValue(),
                            Optional.ofNullable(shortages.get(topology + "-" + entry.getKey()))))
                .toList();
    return new Explanation(topology, now, Phase.REGISTERING, "", NO_MARKET, containers, List.of());
  }

  private static Explanation.Container surveyed(int id, Need need, Optional<Shortage> shortage) {
    return new Explanation.Container(
        id,
        shortage.isPresent() ? "WAITING" : "FITS",
        shortage.map(ShortageText::line).orElse("Nomad has room for it"),
        0,
        0,
        0,
        0,
        "",
        need.quantities(),
        shortage.map(ShortageText::verdicts).orElse(List.of()),
        0,
        shortage.map(ShortageText::remedies).orElse(List.of()));
  }

  private Explanation.Container explained(ContainerView view) {
    String where = view.allocation().map(Allocation::nodeName).orElse("");
    String line =
        view.reason().isEmpty() && !where.isEmpty()
            ? "on " + where + view.allocation().map(Reports::place).orElse("")
            : view.reason();
    return new Explanation.Container(
        view.id(),
        view.state().name(),
        line,
        since(view),
        view.attempt(),
        failures(view),
        view.retryAt(),
        "",
        Optional.ofNullable(needs.get(view.id())).map(Need::quantities).orElse(List.of()),
        view.shortage().map(ShortageText::verdicts).orElse(List.of()),
        0,
        view.shortage().map(ShortageText::remedies).orElse(List.of()));
  }

  private static int failures(ContainerView view) {
    return view.state() == ContainerView.State.BACKING_OFF ? view.attempt() : 0;
  }

  private static String place(Allocation allocation) {
    String shell =
        address(allocation, ExecutorPort.SHELL).map(at -> ", web shell at " + at).orElse("");
    return ", allocation " + shortId(allocation) + shell;
  }

  // As Nomad's own command line shows it.
  private static String shortId(Allocation allocation) {
    return allocation.id().substring(0, Math.min(8, allocation.id().length()));
  }

  private static long since(ContainerView view) {
    return view.allocation()
        .map(each -> each.changedMillis() > 0 ? each.changedMillis() : each.createdMillis())
        .orElse(0L);
  }
}
