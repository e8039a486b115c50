package org.apache.heron.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Container;
import org.apache.heron.spi.scheduler.Explanation.Verdict;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.junit.jupiter.api.Test;

/** What people read of a plan. */
class PlanTextTest {
  private static final long NOW = 1_700_000_000_000L;

  private static String text(String problem, List<Container> containers) {
    return text(problem, new Explanation.Market("OPEN", 0, NOW, 3, 2), containers);
  }

  private static String text(
      String problem, Explanation.Market market, List<Container> containers) {
    return PlanText.of(
        new Explanation("words", NOW, Phase.REGISTERING, problem, market, containers, List.of()));
  }

  private static Container container(int id, String state, String line, List<Verdict> verdicts) {
    return new Container(id, state, line, 0, 0, 0, 0, "", List.of(), verdicts, 0, List.of());
  }

  private static Container fits(int id, int agent) {
    Verdict there = new Verdict("agent-" + agent, "h" + agent, "", true, "spread", List.of());
    return container(id, "FITS", "would go to h" + agent + " (spread)", List.of(there));
  }

  private static Container waits(int id) {
    return container(id, "WAITING", "needs 2.0 cpus: 2 of 2 agents lack 1.0", List.of());
  }

  @Test
  void whereAllFitsEachPlaceIsSaid() {
    assertThat(text("", List.of(fits(0, 1), fits(1, 2))))
        .isEqualTo(
            """
            Topology 'words', if it were submitted now: all 2 containers fit
            Offers: 3 from 2 agents

            CONTAINER  WHERE AND WHY
                    0  would go to h1 (spread)
                    1  would go to h2 (spread)""");
  }

  @Test
  void whatIsHeldBackIsNotSaidToBeLaunched() {
    assertThat(text("nothing is launched until …", List.of(fits(0, 1), waits(1), waits(2))))
        .startsWith(
            """
            Topology 'words', if it were submitted now: nothing would be launched, for only 1 of 3 containers fits
            All or none: nothing is launched until …
            Offers: 3 from 2 agents

            Containers 1, 2 (2) wait, for the same reason: each needs 2.0 cpus: 2 of 2 agents lack 1.0
            """);
  }

  @Test
  void whereNothingIsOfferedAProblemHoldsNothingBack() {
    Explanation.Market none = new Explanation.Market("", 0, 0, 0, 0);
    assertThat(text("this host has 2 cpus", none, List.of(fits(0, 1))))
        .startsWith(
            """
            Topology 'words', if it were submitted now: its container fits
            Note: this host has 2 cpus

            CONTAINER""");
    assertThat(text("this host has 2 cpus", none, List.of(fits(0, 1), waits(1))))
        .contains("1 of 2 containers fits; the others would wait");
  }

  @Test
  void withoutTheGangRuleSomeWouldBeLaunched() {
    assertThat(text("", List.of(fits(0, 1), waits(1))))
        .contains("1 of 2 containers fits; the others would wait");
    assertThat(text("", List.of(waits(0), waits(1)))).contains("none of 2 containers fits");
  }

  @Test
  void ofManyContainersTheAgentsAreListed() {
    List<Container> many = new ArrayList<>();
    for (int id = 0; id <= 10_000; id++) {
      many.add(fits(id, id / 100));
    }
    List<String> lines = text("", many).lines().toList();
    assertThat(lines).hasSizeLessThan(50);
    assertThat(lines.get(0)).endsWith("all 10001 containers fit");
    assertThat(lines.get(4)).matches("agent-0 +h0 +100 +0–99");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("and 6001 containers on 61 other agents");
  }
}
