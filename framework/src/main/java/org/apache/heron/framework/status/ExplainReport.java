package org.apache.heron.framework.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Link;
import org.apache.heron.framework.core.RoundReport;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.placement.Kind;
import org.apache.heron.framework.placement.Objection;
import org.apache.heron.framework.placement.Refusal;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Verdict;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Quantity;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/** Why containers wait, in the words of {@link Explanation}. Pure. */
public final class ExplainReport {
  private ExplainReport() {}

  /**
   * What a running framework knows.
   *
   * @param status of the same state
   */
  public static Explanation of(SchedulerStatus status, State state, Instant now) {
    Places places = Places.of(state);
    return new Explanation(
        status.topology(),
        now.toEpochMilli(),
        status.phase(),
        problem(status, state),
        market(state, now),
        state.containers().stream().map(container -> container(state, places, container)).toList(),
        penalties(state, now));
  }

  /** The status' line about waiting containers is left out: each container has its own here. */
  private static String problem(SchedulerStatus status, State state) {
    boolean waits = state.link() == Link.SUBSCRIBED && state.problem().isEmpty();
    return waits && status.phase() == SchedulerStatus.Phase.RUNNING ? "" : status.problem();
  }

  private static Explanation.Market market(State state, Instant now) {
    List<RoundReport> rounds = state.trading().rounds();
    Optional<RoundReport> last =
        rounds.isEmpty() ? Optional.empty() : Optional.of(rounds.get(rounds.size() - 1));
    return new Explanation.Market(
        state.demand().name(),
        state.trading().filteredUntil(now).map(Instant::toEpochMilli).orElse(0L),
        last.map(RoundReport::at).map(Instant::toEpochMilli).orElse(0L),
        last.map(RoundReport::offers).orElse(0),
        last.map(RoundReport::agents).orElse(0));
  }

  private static Explanation.Container container(State state, Places places, Container container) {
    Optional<Refusal> refusal =
        container.life() == Life.WAITING
            ? Optional.ofNullable(state.refusals().get(container.id()))
            : Optional.empty();
    Optional<Instant> retry =
        container.life() == Life.BACKING_OFF ? container.due() : Optional.empty();
    return new Explanation.Container(
        container.id().value(),
        container.life().name(),
        line(state, places, container, refusal),
        container.since().toEpochMilli(),
        container.attempt(),
        container.failures(),
        retry.map(Instant::toEpochMilli).orElse(0L),
        container.reason(),
        needs(container.size()),
        refusal.map(ExplainReport::verdicts).orElse(List.of()),
        refusal.map(ExplainReport::unnamed).orElse(0),
        refusal.map(Refusal::remedies).orElse(List.of()));
  }

  private static String line(
      State state, Places places, Container container, Optional<Refusal> refusal) {
    return switch (container.life()) {
      case WAITING -> waits(state, refusal);
      case BACKING_OFF ->
          "backs off after "
              + container.failures()
              + (container.failures() == 1 ? " failure" : " failures in a row");
      case LAUNCHING, STAGING, STARTING, RUNNING, UNREACHABLE, KILLING ->
          where(places, container.currentTask())
              + (container.life() == Life.RUNNING || container.reason().isEmpty()
                  ? ""
                  : ": " + container.reason());
    };
  }

  private static String where(Places places, Task task) {
    return "on " + places.text(task.hostname(), task.agent()) + " as " + task.id().value();
  }

  private static String waits(State state, Optional<Refusal> refusal) {
    if (state.link() != Link.SUBSCRIBED) {
      return "waits for Mesos";
    }
    return refusal.map(Refusal::text).orElseGet(() -> Silence.of(state));
  }

  /** What a container of that size asks of an agent. */
  static List<Quantity> needs(Size size) {
    List<Quantity> needs = new ArrayList<>();
    needs.add(new Quantity(Kind.CPUS.mesosName(), size.cpus()));
    needs.add(new Quantity(Kind.MEM.mesosName(), size.memMb()));
    needs.add(new Quantity(Kind.DISK.mesosName(), size.diskMb()));
    if (size.gpus() > 0) {
      needs.add(new Quantity(Kind.GPUS.mesosName(), size.gpus()));
    }
    needs.add(new Quantity(Kind.PORTS.mesosName(), size.ports()));
    return needs;
  }

  /** The agents that were looked at, the nearest first. */
  static List<Explanation.Verdict> verdicts(Refusal refusal) {
    return refusal instanceof Refusal.NoPlace none
        ? none.verdicts().stream().map(ExplainReport::verdict).toList()
        : List.of();
  }

  /** How many agents were looked at besides. */
  static int unnamed(Refusal refusal) {
    return refusal instanceof Refusal.NoPlace none
        ? Math.max(0, none.agents() - none.verdicts().size())
        : 0;
  }

  private static Explanation.Verdict verdict(Verdict verdict) {
    List<Quantity> lacks =
        verdict.objections().stream()
            .filter(Objection.Lacks.class::isInstance)
            .map(Objection.Lacks.class::cast)
            .map(lack -> new Quantity(lack.kind().mesosName(), amount(lack)))
            .toList();
    return new Explanation.Verdict(
        verdict.agent().value(),
        verdict.hostname(),
        verdict.role(),
        false,
        String.join(" and ", verdict.objections().stream().map(Objection::text).toList()),
        lacks);
  }

  private static double amount(Objection.Lacks lack) {
    return lack.kind() == Kind.PORTS ? lack.lack() : lack.lack() / 1000.0;
  }

  private static List<Explanation.Penalty> penalties(State state, Instant now) {
    return state.penalties().byAgent().entrySet().stream()
        .filter(entry -> entry.getValue().until().isAfter(now))
        .sorted(Comparator.comparing(entry -> entry.getKey().value()))
        .map(
            entry ->
                new Explanation.Penalty(
                    entry.getKey().value(),
                    entry.getValue().failures(),
                    entry.getValue().until().toEpochMilli(),
                    entry.getValue().reason()))
        .toList();
  }
}
