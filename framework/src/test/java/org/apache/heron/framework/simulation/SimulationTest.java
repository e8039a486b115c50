package org.apache.heron.framework.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The framework keeps its promises in every history. Properties: {@code heron.sim.histories} how
 * many are tried, {@code heron.sim.from} the first seed, {@code heron.sim.seed} tells one history
 * (see docs/simulation.md).
 */
class SimulationTest {
  private static final int MOST_REPORTS = 3;

  @Test
  void everyPromiseIsKeptInEveryHistory() {
    Long seed = Long.getLong("heron.sim.seed");
    if (seed != null) {
      replay(seed);
      return;
    }
    long from = Long.getLong("heron.sim.from", 1);
    long histories = Long.getLong("heron.sim.histories", 10_000);
    AtomicLong steps = new AtomicLong();
    Map<Long, Violation> broken = new ConcurrentSkipListMap<>();
    long began = System.nanoTime();
    LongStream.range(from, from + histories)
        .parallel()
        .filter(each -> broken.size() < 100)
        .forEach(
            each -> {
              Simulation.Result result = Simulation.run(History.of(each), Surgery.NONE);
              steps.addAndGet(result.steps());
              result.violation().ifPresent(violation -> broken.put(each, violation));
            });
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "simulation: %d histories, %d steps in %.1f s: %.0f histories/s%n",
        histories,
        steps.get(),
        seconds,
        histories / seconds);
    broken.forEach((number, violation) -> System.out.println("seed " + number + ": " + violation));
    List<String> reports =
        broken.keySet().stream()
            .limit(MOST_REPORTS)
            .map(each -> Simulation.report(History.of(each), Surgery.NONE))
            .toList();
    assertThat(broken.size()).as(String.join("\n\n", reports)).isZero();
  }

  private static void replay(long seed) {
    History history = History.of(seed);
    Simulation.Result told = Simulation.tell(history, Surgery.NONE);
    System.out.println("seed " + seed + ": " + history.setting());
    history.plan().forEach(planned -> System.out.println("  " + planned));
    if (told.violation().isPresent()) {
      assertThat(Simulation.report(history, Surgery.NONE)).isEmpty();
    } else {
      told.timeline().forEach(System.out::println);
      System.out.println("every promise is kept");
    }
  }

  @Test
  void aSeedTellsTheSameHistoryEachTime() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation.Result once = Simulation.tell(History.of(seed), Surgery.NONE);
      Simulation.Result again = Simulation.tell(History.of(seed), Surgery.NONE);
      assertThat(again.timeline()).isEqualTo(once.timeline());
      assertThat(again.steps()).isEqualTo(once.steps());
    }
  }
}
