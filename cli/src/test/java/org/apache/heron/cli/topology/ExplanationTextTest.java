package org.apache.heron.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Container;
import org.apache.heron.spi.scheduler.Explanation.Quantity;
import org.apache.heron.spi.scheduler.Explanation.Verdict;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.TopologyHistory.Happening;
import org.junit.jupiter.api.Test;

/** What people read of explanations and histories. */
class ExplanationTextTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final Explanation.Market NONE = new Explanation.Market("OPEN", 0, 0, 0, 0);

  private static String text(Explanation.Market market, Container... containers) {
    return ExplanationText.of(
        new Explanation("words", NOW, Phase.RUNNING, "", market, List.of(containers), List.of()));
  }

  private static Container running(int id) {
    return new Container(
        id,
        "RUNNING",
        "on host-" + id + " as words-" + id,
        NOW - 130_000,
        1,
        0,
        0,
        "",
        List.of(),
        List.of(),
        0,
        List.of());
  }

  private static Container waiting(int id, List<Verdict> verdicts, int unnamed) {
    return new Container(
        id,
        "WAITING",
        "waits for offers: 2 of 3 agents lack 0.5 cpus",
        NOW - 5_000,
        0,
        0,
        0,
        "",
        List.of(new Quantity("cpus", 2), new Quantity("mem", 1024), new Quantity("ports", 9)),
        verdicts,
        unnamed,
        List.of("it would fit on host-1 with 0.5 cpus more"));
  }

  private static Verdict lacks(String host) {
    return new Verdict(
        "agent-" + host,
        host,
        "*",
        false,
        "lacks 0.5 of 2.0 cpus",
        List.of(new Quantity("cpus", 0.5)));
  }

  @Test
  void whereNothingWaitsThatIsSaid() {
    assertThat(text(NONE, running(0), running(1)))
        .isEqualTo(
            """
            Topology 'words': none of 2 containers waits
            Offers: none have come yet

            CONTAINER  STATE    FOR         ATTEMPT  WHERE AND WHY
                    0  RUNNING  2 min 10 s        1  on host-0 as words-0
                    1  RUNNING  2 min 10 s        1  on host-1 as words-1"""
                .strip());
  }

  @Test
  void whatWaitsComesFirstWithItsReasons() {
    String text =
        text(
            new Explanation.Market("FILTERED", NOW + 29_500, NOW - 1_000, 3, 3),
            running(0),
            waiting(1, List.of(lacks("host-1"), lacks("long-host-2")), 1));
    assertThat(text)
        .isEqualTo(
            """
            Topology 'words': 1 of 2 containers waits
            Offers: 3 from 3 agents in the last round, 1 s ago; what was declined comes again within 30 s

            Container 1 (WAITING) waits for offers: 2 of 3 agents lack 0.5 cpus
              needs: 2 cpus, 1024 MB mem, 9 ports
              for 5 s, was never launched
              remedy: it would fit on host-1 with 0.5 cpus more
              AGENT              HOST         ROLE  VERDICT
              agent-host-1       host-1       *     lacks 0.5 of 2.0 cpus
              agent-long-host-2  long-host-2  *     lacks 0.5 of 2.0 cpus
              and 1 more

            CONTAINER  STATE    FOR         ATTEMPT  WHERE AND WHY
                    0  RUNNING  2 min 10 s        1  on host-0 as words-0"""
                .strip());
  }

  private static Container with(int id, String state, int failures, String cause, long since) {
    return new Container(
        id,
        state,
        state.equals("WAITING") ? "needs 2.0 cpus" : "on host-1 as words-" + id,
        since,
        failures + 1,
        failures,
        0,
        cause,
        List.of(),
        List.of(),
        0,
        List.of());
  }

  @Test
  void aCopyThatRunsAfterFailuresSaysSo() {
    String text =
        text(
            NONE,
            with(1, "RUNNING", 3, "exit code 1 on host-2", NOW - 1_000),
            with(2, "RUNNING", 1, "", NOW - 1_000),
            with(3, "RUNNING", 0, "was restarted", NOW - 1_000));
    assertThat(text)
        .contains("on host-1 as words-1 (failed 3 times before: exit code 1 on host-2)")
        .contains("on host-1 as words-2 (failed 1 time before)")
        .endsWith("on host-1 as words-3");
  }

  @Test
  void containersThatWaitForTheSameReasonShareAParagraph() {
    List<Container> containers = new ArrayList<>();
    for (int id = 0; id <= 10_000; id++) {
      containers.add(with(id, "WAITING", id == 4 ? 2 : 0, "", NOW - (id < 9 ? 61_000 : 5_000)));
    }
    List<String> lines = text(NONE, containers.toArray(Container[]::new)).lines().toList();
    assertThat(lines)
        .hasSize(8)
        .contains(
            "Topology 'words': 10001 of 10001 containers wait",
            "Containers 0–3, 5–10000 (10000) wait, for the same reason: each needs 2.0 cpus",
            "  for 5 s to 1 min 1 s, was launched 1 time",
            "Container 4 (WAITING) needs 2.0 cpus");
  }

  @Test
  void veryManyReasonsAreCut() {
    List<Container> containers = new ArrayList<>();
    for (int id = 0; id < 100; id++) {
      containers.add(with(id, "WAITING", 1 + id, "", NOW - 5_000));
    }
    assertThat(text(NONE, containers.toArray(Container[]::new)))
        .contains("Container 19 (WAITING)")
        .doesNotContain("Container 20 (WAITING)")
        .endsWith("And containers 20–99 (80), for 80 other reasons; --json tells all");
  }

  @Test
  void aPhaseIsSaidInWordsUnlessItIsTheUsualOne() {
    assertThat(
            ExplanationText.of(
                new Explanation("words", NOW, Phase.KILLING, "", NONE, List.of(), List.of())))
        .startsWith("Topology 'words' (being killed): ");
  }

  @Test
  void ofManyAgentsTheNearestAreShown() {
    List<Verdict> many = new ArrayList<>(Collections.nCopies(20, lacks("h")));
    String text = text(NONE, waiting(1, many, 12));
    assertThat(text.lines().filter(line -> line.contains("agent-h"))).hasSize(8);
    assertThat(text).endsWith("  and 24 more");
  }

  @Test
  void aBackOffSaysItsCauseAndWhatIsLeftOfIt() {
    Container failing =
        new Container(
            3,
            "BACKING_OFF",
            "backs off after 2 failures in a row",
            NOW - 1_000,
            2,
            2,
            NOW + 61_000,
            "ended on host-1: no such file",
            List.of(),
            List.of(),
            0,
            List.of());
    assertThat(text(NONE, failing))
        .contains(
            "Topology 'words': 1 of 1 container waits",
            "Container 3 (BACKING_OFF) backs off after 2 failures in a row",
            "was launched 2 times, failed 2 in a row",
            "tried again in 1 min 1 s",
            "before: ended on host-1: no such file");
  }

  @Test
  void avoidedAgentsAreListed() {
    String text =
        ExplanationText.of(
            new Explanation(
                "words",
                NOW,
                Phase.RUNNING,
                "ZooKeeper does not answer",
                NONE,
                List.of(),
                List.of(new Explanation.Penalty("agent-1", 2, NOW + 59_000, "cannot fetch"))));
    assertThat(text)
        .contains("no container is known yet", "Problem: ZooKeeper does not answer")
        .containsPattern("agent-1 +2 +59 s +cannot fetch");
  }

  @Test
  void aHistoryIsInTheOrderOfTime() {
    TopologyHistory history =
        new TopologyHistory(
            "words",
            "the records in ZooKeeper",
            List.of(new Happening(NOW + 2_000, "TOOK_OVER", 0, "by another")),
            3,
            List.of(
                new TopologyHistory.Container(
                    0,
                    List.of(
                        new Happening(NOW, "LAUNCHED", 1, "on host-1"),
                        new Happening(NOW + 4_000, "FAILED", 1, "out of memory")),
                    0),
                new TopologyHistory.Container(
                    1, List.of(new Happening(NOW + 1_000, "LAUNCHED", 1, "on host-2")), 4)));
    List<String> lines = HistoryText.of(history).lines().toList();
    assertThat(lines.get(0)).isEqualTo("Topology 'words', as told by the records in ZooKeeper");
    assertThat(lines.get(1)).isEqualTo("7 earlier happenings are no longer kept");
    assertThat(lines.subList(3, 7))
        .satisfiesExactly(
            line -> assertThat(line).contains("0", "LAUNCHED", "on host-1"),
            line -> assertThat(line).contains("1", "LAUNCHED", "on host-2"),
            line -> assertThat(line).contains("-", "TOOK_OVER", "by another"),
            line -> assertThat(line).contains("0", "FAILED", "out of memory"));
    assertThat(HistoryText.of(new TopologyHistory("words", "x", List.of(), 0, List.of())))
        .endsWith("nothing has happened yet");
  }
}
