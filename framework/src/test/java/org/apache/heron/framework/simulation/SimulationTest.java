package org.apache.heron.framework.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The framework keeps its promises in every history. Properties: {@code heron.sim.histories} how
 * many are tried, {@code heron.sim.from} the first seed, {@code heron.sim.seed} tells one history
 * in {@code target/simulation} (see docs/simulation.md).
 */
class SimulationTest {
  private static final int MOST_ACCOUNTS = 3;

  @Test
  void everyPromiseIsKeptInEveryHistory() throws IOException {
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
    List<Account> accounts = new ArrayList<>();
    for (long each : broken.keySet().stream().limit(MOST_ACCOUNTS).toList()) {
      accounts.add(Account.write(Account.DIRECTORY, History.of(each), Surgery.NONE));
    }
    assertThat(broken)
        .as(accounts.stream().map(Account::toString).collect(Collectors.joining("\n")))
        .isEmpty();
  }

  private static void replay(long seed) throws IOException {
    History history = History.of(seed);
    Account account = Account.write(Account.DIRECTORY, history, Surgery.NONE);
    System.out.println(account);
    assertThat(Simulation.run(history, Surgery.NONE).violation()).as(account.toString()).isEmpty();
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
