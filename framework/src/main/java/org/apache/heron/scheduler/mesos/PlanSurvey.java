package org.apache.heron.scheduler.mesos;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Placer;
import org.apache.heron.framework.placement.Refusal;
import org.apache.heron.framework.placement.Round;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Wish;
import org.apache.heron.framework.status.PlanReport;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.mesos.v1.Protos.Offer;

/** What would become of a plan on today's offers, by the same placement as a launch. */
final class PlanSurvey {
  private PlanSurvey() {}

  /**
   * Asks the cluster.
   *
   * @param config with paths relative to a sandbox, as the scheduler's
   * @throws org.apache.heron.spi.scheduler.SchedulerException if no master takes the question, or
   *     libmesos is asked for and cannot be used
   */
  static Explanation of(Config config, String topology, PackingPlan plan)
      throws InterruptedException {
    MesosSettings settings = new MesosSettings(config);
    Rules rules = new PlacementSettings(config).rules();
    // Counted for nobody: this framework is gone before anyone could look.
    FrameworkMetrics metrics = new FrameworkMetrics(topology, "", "", "", Clock.systemUTC());
    List<Offer> offers =
        new OfferSurvey(FrameworkDescription.of(config, topology))
            .take(settings.connections(metrics));
    return place(topology, settings.sizes(plan), rules, offers, Instant.now());
  }

  /** As a first launch; if not all fit at once, each is looked at for itself. */
  static Explanation place(
      String topology, Map<ContainerId, Size> sizes, Rules rules, List<Offer> offers, Instant now) {
    List<Wish> wishes =
        sizes.entrySet().stream().map(e -> new Wish(e.getKey(), e.getValue())).toList();
    Round round =
        Round.of(offers.stream().map(Offered::of).toList(), wishes, rules)
            .at(now)
            .firstLaunchSince(now);
    Placement placement = Placer.place(round);
    Optional<Refusal.HeldBack> held = Optional.empty();
    if (placement.held()) {
      held = placement.heldBack();
      Rules each = rules.withGang(Rules.Gang.NONE);
      placement = Placer.place(Round.of(round.offers(), wishes, each).at(now));
    }
    return PlanReport.of(topology, sizes, placement, held, offers.size(), now);
  }
}
