package org.apache.heron.framework.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Fitness;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Refusal;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/** What would become of a topology that is not launched, in the words of {@link Explanation}. */
public final class PlanReport {
  private final Placement placement;
  private final boolean held;
  private final Places places;
  private final Map<ContainerId, Launch> launches = new HashMap<>();

  private PlanReport(Placement placement, boolean held) {
    this.placement = placement;
    this.held = held;
    places = Places.of(placement);
    for (Launch launch : placement.launches()) {
      launch.containers().forEach(placed -> launches.put(placed.container(), launch));
    }
  }

  /**
   * What a round says of a plan.
   *
   * @param sizes of all containers of the plan
   * @param placement what fits, each container for itself
   * @param held why a launch would hold back what fits; empty if it would not
   * @param offers how many were looked at
   */
  public static Explanation of(
      String topology,
      Map<ContainerId, Size> sizes,
      Placement placement,
      Optional<Refusal.HeldBack> held,
      int offers,
      Instant now) {
    PlanReport report = new PlanReport(placement, held.isPresent());
    List<Explanation.Container> containers = new ArrayList<>();
    sizes.forEach((id, size) -> containers.add(report.container(id, size)));
    return new Explanation(
        topology,
        now.toEpochMilli(),
        SchedulerStatus.Phase.REGISTERING,
        held.map(Refusal.HeldBack::rule).orElse(""),
        new Explanation.Market("OPEN", 0, now.toEpochMilli(), offers, placement.agents()),
        containers,
        List.of());
  }

  private Explanation.Container container(ContainerId id, Size size) {
    Optional<Launch> launch = Optional.ofNullable(launches.get(id));
    Optional<Refusal> refusal = Optional.ofNullable(placement.refusals().get(id));
    return new Explanation.Container(
        id.value(),
        launch.isPresent() ? "FITS" : "WAITING",
        launch
            .map(there -> fits(there, placement.fitness().get(id)))
            .orElseGet(() -> refusal.map(Refusal::text).orElse("no agent has offered anything")),
        0,
        0,
        0,
        0,
        "",
        ExplainReport.needs(size),
        launch
            .map(there -> List.of(verdict(there, placement.fitness().get(id))))
            .orElseGet(() -> refusal.map(ExplainReport::verdicts).orElse(List.of())),
        refusal.map(ExplainReport::unnamed).orElse(0),
        refusal.map(Refusal::remedies).orElse(List.of()));
  }

  private String fits(Launch launch, Fitness fitness) {
    return (held ? "would fit on " : "would go to ")
        + places.text(launch.hostname(), launch.agent())
        + " ("
        + fitness.text()
        + ")";
  }

  private static Explanation.Verdict verdict(Launch launch, Fitness fitness) {
    return new Explanation.Verdict(
        launch.agent().value(), launch.hostname(), "", true, fitness.text(), List.of());
  }
}
