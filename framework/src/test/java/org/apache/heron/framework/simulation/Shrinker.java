package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a smaller history that breaks the same promise: delta debugging over the plan of faults,
 * then a smaller scene.
 */
final class Shrinker {
  private final String promise;
  private final Surgery surgery;

  private Shrinker(String promise, Surgery surgery) {
    this.promise = promise;
    this.surgery = surgery;
  }

  static History shrink(History history, String promise, Surgery surgery) {
    Shrinker shrinker = new Shrinker(promise, surgery);
    History smaller = shrinker.fewerFaults(history);
    smaller = shrinker.smallerScene(smaller);
    return shrinker.fewerFaults(smaller);
  }

  private boolean stillBroken(History history) {
    return Simulation.run(history, surgery)
        .violation()
        .filter(violation -> violation.promise().equals(promise))
        .isPresent();
  }

  private History fewerFaults(History history) {
    History smallest = history;
    int parts = 2;
    while (!smallest.plan().isEmpty() && parts <= 2 * smallest.plan().size()) {
      int size = Math.max(1, (smallest.plan().size() + parts - 1) / parts);
      boolean smaller = false;
      for (int from = 0; from < smallest.plan().size() && !smaller; from += size) {
        List<History.Planned> rest = new ArrayList<>(smallest.plan());
        rest.subList(from, Math.min(from + size, rest.size())).clear();
        History candidate = smallest.withPlan(rest);
        if (stillBroken(candidate)) {
          smallest = candidate;
          smaller = true;
        }
      }
      if (!smaller && size == 1) {
        return smallest;
      }
      parts = smaller ? Math.max(2, parts - 1) : parts * 2;
    }
    return smallest;
  }

  private History smallerScene(History history) {
    History smallest = history;
    for (int containers = 2; containers < smallest.setting().containers(); containers++) {
      History candidate = smallest.withSetting(smallest.setting().withContainers(containers));
      if (stillBroken(candidate)) {
        smallest = candidate;
      }
    }
    for (int agents = 1; agents < smallest.setting().agents(); agents++) {
      History candidate = smallest.withSetting(smallest.setting().withAgents(agents));
      if (stillBroken(candidate)) {
        smallest = candidate;
      }
    }
    History plain = smallest.withSetting(smallest.setting().withManner(Manner.PLAIN));
    if (stillBroken(plain)) {
      smallest = plain;
    }
    long last =
        smallest.plan().isEmpty() ? 1_000 : smallest.plan().get(smallest.plan().size() - 1).at();
    for (long millis = last + 1; millis < smallest.setting().faultsFor().toMillis(); millis *= 2) {
      History candidate =
          smallest.withSetting(smallest.setting().withFaultsFor(Duration.ofMillis(millis)));
      if (stillBroken(candidate)) {
        return candidate;
      }
    }
    return smallest;
  }
}
