package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that decides what will happen: the same history always takes the same course.
 *
 * @param seed of all that is neither good nor bad: latencies, and how long things take
 * @param plan what goes wrong when, and what users ask for, in the order of time
 */
record History(long seed, Setting setting, List<Planned> plan) {
  History {
    plan = List.copyOf(plan);
  }

  /**
   * A fault of the plan.
   *
   * @param at milliseconds since the world began
   */
  record Planned(long at, Fault fault) {
    @Override
    public String toString() {
      return Timeline.clock(at) + "  " + fault;
    }
  }

  /** The history of that seed. */
  static History of(long seed) {
    Dice dice = new Dice(seed, "history");
    Setting setting =
        new Setting(
            2 + dice.below(dice.chance(0.8) ? 3 : 8),
            1 + dice.below(5),
            dice.chance(0.85) ? Duration.ofDays(7) : Duration.ofSeconds(dice.between(20, 200)),
            Duration.ofMillis(dice.anyScale(20_000, 1_500_000)),
            Manner.draw(new Dice(seed, "manner")));
    // Each history knows some kinds of faults only: those that always come together hide each
    // other.
    List<Fault.Kind> kinds = new ArrayList<>();
    for (Fault.Kind kind : Fault.Kind.values()) {
      if (dice.chance(0.4)) {
        kinds.add(kind);
      }
    }
    if (kinds.isEmpty()) {
      kinds.add(dice.of(List.of(Fault.Kind.values())));
    }
    List<Planned> plan = new ArrayList<>();
    int faults = (int) dice.anyScale(1, 25);
    long until = setting.faultsFor().toMillis();
    long storm = dice.between(1, until);
    boolean stormy = dice.chance(0.5);
    for (int i = 0; i < faults; i++) {
      long at =
          stormy && dice.chance(0.7)
              ? Math.min(until, storm + dice.anyScale(1, 20_000))
              : dice.between(1, until);
      plan.add(new Planned(at, dice.of(kinds).draw(dice)));
    }
    plan.sort(Comparator.comparingLong(Planned::at));
    return new History(seed, setting, plan);
  }

  History withPlan(List<Planned> fewer) {
    return new History(seed, setting, fewer);
  }

  History withSetting(Setting other) {
    return new History(seed, other, plan);
  }
}
