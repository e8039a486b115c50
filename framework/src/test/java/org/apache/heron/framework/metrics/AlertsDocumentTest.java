package org.apache.heron.framework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.heron.framework.core.Containers;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Tenure;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.metrics.AlertExpression.Series;
import org.apache.heron.framework.metrics.AlertExpression.World;
import org.junit.jupiter.api.Test;

/** The alerts of docs/metrics.md, each evaluated over what real processes expose. */
class AlertsDocumentTest {
  private static final Path DOCUMENT =
      Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
  private static final State SERVING =
      State.restored(
          Phase.SERVING,
          Optional.empty(),
          Optional.empty(),
          Containers.of(List.of()),
          History.NONE);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Series> present = new ArrayList<>();
  private final List<Series> gone = new ArrayList<>();

  private static String alert(String name) {
    try {
      List<String> rows =
          Files.readAllLines(DOCUMENT).stream()
              .filter(line -> line.startsWith("| " + name + " |"))
              .toList();
      assertThat(rows).as(name).hasSize(1);
      return rows.get(0).split("\\|")[2].split("`")[1];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private FrameworkMetrics standby(String topology, String role) {
    return new FrameworkMetrics(topology, "mesos", role, "default", now::get);
  }

  private FrameworkMetrics leader(String topology, String role) {
    FrameworkMetrics metrics = standby(topology, role);
    metrics.leads(() -> SERVING, () -> 0, () -> 0);
    return metrics;
  }

  private static State suspended(State held) {
    return new State(
        held.phase(),
        held.link(),
        held.frameworkId(),
        held.principal(),
        held.master(),
        held.problem(),
        held.containers(),
        held.held(),
        held.refusals(),
        held.reconciliation(),
        held.demand(),
        held.revived(),
        held.killDeadline(),
        Tenure.SUSPENDED,
        held.pending(),
        held.renewal(),
        held.windows(),
        held.penalties(),
        held.trading(),
        held.history());
  }

  private void runs(String instance, FrameworkMetrics metrics) {
    present.addAll(AlertExpression.scraped(instance, metrics.exposition()));
  }

  private void hasEnded(String instance, FrameworkMetrics metrics) {
    gone.addAll(AlertExpression.scraped(instance, metrics.exposition()));
  }

  /** The labels that an alert is told with. */
  private List<Map<String, String>> told(String alert) {
    List<Series> lastHour = new ArrayList<>(present);
    lastHour.addAll(gone);
    return AlertExpression.evaluate(alert(alert), new World(present, lastHour)).stream()
        .map(Series::unnamed)
        .toList();
  }

  private static Map<String, String> topology(String name, String role) {
    return Map.of("cluster", "mesos", "role", role, "environ", "default", "topology", name);
  }

  @Test
  void whereEachTopologyHasALeaderNobodyIsCalled() {
    runs("h1:1", leader("words", "ada"));
    runs("h2:1", standby("words", "ada"));
    runs("h1:2", leader("clicks", "ada"));
    assertThat(told("nobody schedules")).isEmpty();
    assertThat(told("records cannot be written")).isEmpty();
    assertThat(told("a container finds no place")).isEmpty();
    assertThat(told("a container keeps failing")).isEmpty();
  }

  @Test
  void aTopologyWhoseOnlySchedulerEndedIsNamedWhileAnotherIsLed() {
    hasEnded("h1:1", leader("words", "ada"));
    runs("h1:2", leader("clicks", "ada"));
    assertThat(told("nobody schedules")).containsExactly(topology("words", "ada"));
  }

  @Test
  void aTopologyThatIsScheduledOnAnotherPortIsNotMissed() {
    hasEnded("h1:1", leader("words", "ada"));
    runs("h1:2", leader("words", "ada"));
    assertThat(told("nobody schedules")).isEmpty();
  }

  @Test
  void aStandbyThatDoesNotTakeOverIsNoLeader() {
    hasEnded("h1:1", leader("words", "ada"));
    runs("h2:1", standby("words", "ada"));
    runs("h1:2", leader("clicks", "ada"));
    assertThat(told("nobody schedules")).containsExactly(topology("words", "ada"));
  }

  @Test
  void topologiesOfOneNameAreToldApart() {
    runs("h1:1", leader("words", "ada"));
    runs("h1:2", standby("words", "bob"));
    hasEnded("h1:3", leader("words", "cyd"));
    assertThat(told("nobody schedules"))
        .containsExactlyInAnyOrder(topology("words", "bob"), topology("words", "cyd"));
  }

  @Test
  void noSchedulerAtAllIsToldHoweverLongAgoTheLastOneEnded() {
    assertThat(told("nobody schedules")).containsExactly(Map.of());
  }

  @Test
  void aWriteThatLastsIsTold() {
    FrameworkMetrics slow = leader("words", "ada");
    slow.writing(3);
    now.set(now.get().plus(Duration.ofSeconds(31)));
    runs("h1:1", slow);
    assertThat(told("records cannot be written")).hasSize(1);
  }

  @Test
  void aLeaderWithoutZooKeeperIsToldAlsoWhenItWritesNothing() {
    FrameworkMetrics cutOff = standby("words", "ada");
    cutOff.leads(() -> suspended(SERVING), () -> 0, () -> 0);
    runs("h1:1", cutOff);
    assertThat(told("records cannot be written")).hasSize(1);
  }

  @Test
  void aProcessThatWasDeposedWhileItWroteCanWriteNothingAndNeedNot() {
    FrameworkMetrics deposed = leader("words", "ada");
    deposed.writing(1);
    deposed.written(Duration.ofMillis(3), false);
    deposed.steppedDown();
    runs("h1:1", deposed);
    runs("h2:1", leader("words", "ada"));
    assertThat(told("records cannot be written")).isEmpty();
    assertThat(told("nobody schedules")).isEmpty();
  }

  @Test
  void aLeaderWithoutAMasterIsTold() {
    runs("h1:1", leader("words", "ada"));
    runs("h2:1", standby("words", "ada"));
    assertThat(
            told("not subscribed").stream()
                .map(labels -> labels.get("instance"))
                .collect(Collectors.toSet()))
        .containsExactly("h1:1");
  }
}
