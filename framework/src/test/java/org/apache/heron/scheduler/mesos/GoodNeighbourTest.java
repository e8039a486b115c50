package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.framework.metrics.ExpositionText;
import org.apache.heron.spi.packing.PackingPlan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two topologies' frameworks on one cluster: the rules of Mesos' framework guide by which one
 * leaves the other what it does not need. What is counted is what the figures of each say.
 */
class GoodNeighbourTest {
  /** Agents on which something fits. */
  private static final int AGENTS = 2;

  private static final int ROUND_MILLIS = 100;

  @TempDir static Path directory;
  private static WordsOnACluster words;

  @BeforeAll
  static void start() throws IOException {
    words =
        WordsOnACluster.start(
            directory,
            cluster ->
                cluster
                    .allocationInterval(Duration.ofMillis(ROUND_MILLIS))
                    .agent(agent -> agent.attributes("rack:r1"))
                    .agent(agent -> agent.attributes("rack:r2"))
                    // Too small for any container.
                    .agent(
                        agent -> agent.resources("cpus:0.02;mem:8;disk:100;ports:[40000-40020]")));
  }

  @AfterAll
  static void stop() {
    words.close();
  }

  @AfterEach
  void end() {
    words.killAll();
  }

  private static MesosScheduler schedule(String name, PackingPlan plan) {
    return schedule(name, plan, Map.of());
  }

  private static MesosScheduler schedule(
      String name, PackingPlan plan, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("heron.topology.name", name);
    return words.schedule(plan, all);
  }

  private static double figure(MesosScheduler scheduler, String name) {
    return ExpositionText.parse(scheduler.metrics()).samples().getOrDefault(name, 0.0);
  }

  private static double received(MesosScheduler scheduler) {
    return figure(scheduler, "heron_offers_received_total");
  }

  /** Of offers that were under way when the framework said that it needs none, too. */
  private static double receivedInTheEnd(MesosScheduler scheduler) {
    AtomicReference<Double> last = new AtomicReference<>(-1.0);
    await()
        .atMost(LIMIT)
        .during(Duration.ofMillis(10 * ROUND_MILLIS))
        .ignoreExceptions()
        .until(
            () -> {
              double now = received(scheduler);
              return last.getAndSet(now) == now && figure(scheduler, "heron_offers_held") == 0;
            });
    return last.get();
  }

  /** A topology that comes, runs and goes: whatever is free was offered meanwhile. */
  private void aNeighbourComesAndGoes(String name) {
    MesosScheduler neighbour = schedule(name, Words.plan(1, 0.5));
    awaitAllRunning(neighbour);
    assertThat(neighbour.onKill().ok()).isTrue();
  }

  @Test
  void whoNeedsNothingIsSilentAndIsOfferedNothing() {
    MesosScheduler content = schedule("content", Words.plan(2, 0.2));
    awaitAllRunning(content);
    eventually()
        .until(() -> figure(content, "heron_mesos_call_seconds_count{call=\"suppress\"}") == 1);
    double before = receivedInTheEnd(content);
    aNeighbourComesAndGoes("first");
    aNeighbourComesAndGoes("second");
    assertThat(received(content)).isEqualTo(before);
  }

  @Test
  void whoCannotUseAnOfferHoldsNoneAndIsNotAskedAgainForAWhile() {
    long begin = System.nanoTime();
    PackingPlan huge = Words.plan(1, 77);
    MesosScheduler waiting = schedule("waiting", huge);
    eventually().until(() -> figure(waiting, "heron_offers_declined_total{reason=\"unfit\"}") > 0);
    aNeighbourComesAndGoes("third");
    aNeighbourComesAndGoes("fourth");
    // What has just come is gathered for a moment.
    eventually().until(() -> figure(waiting, "heron_offers_held") == 0);
    // First what was received, then the time that it took.
    double received = received(waiting);
    double rounds = (System.nanoTime() - begin) / 1e6 / ROUND_MILLIS;
    double lapses = (System.nanoTime() - begin) / 1e9 / 30;
    // Before container 0 was placed there were more; and what a neighbour frees is offered anew,
    // as it is more than was declined.
    assertThat(received).isLessThanOrEqualTo(AGENTS * (8 + Math.ceil(lapses)));
    assertThat(received).isLessThan(rounds);
    assertThat(waiting.status().containers().get(1).state()).isEqualTo("WAITING");
  }

  @Test
  void whoFailsAllTheTimeRevivesAtMostOnceASecond() throws Exception {
    Path broken = Files.createDirectories(directory.resolve("broken"));
    long begin = System.nanoTime();
    MesosScheduler failing =
        schedule(
            "failing",
            Words.plan(1, 0.2),
            Map.of(
                "heron.package.core.uri",
                Packages.core(broken, "#!/bin/sh\nexit 1\n").toUri().toString(),
                "heron.mesos.backoff.min.ms",
                1,
                "heron.mesos.backoff.max.ms",
                5));
    aNeighbourComesAndGoes("fifth");
    eventually().until(() -> failing.status().containers().get(1).attempt() >= 4);
    double revives = figure(failing, "heron_mesos_call_seconds_count{call=\"revive\"}");
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(revives).isLessThanOrEqualTo(1 + seconds);
  }

  private static void awaitReason(MesosScheduler scheduler, String text) {
    eventually()
        .untilAsserted(
            () ->
                assertThat(scheduler.status().containers())
                    .filteredOn(container -> container.id() == 1)
                    .singleElement()
                    .satisfies(container -> assertThat(container.reason()).contains(text)));
  }

  @Test
  void whatIsTooSmallForAnyContainerIsOfferedToOthersOnly() {
    MesosScheduler waiting = schedule("picky", Words.plan(1, 77));
    awaitReason(waiting, "2 of 2 agents");
    aNeighbourComesAndGoes("sixth");
    awaitReason(waiting, "2 of 2 agents");
  }

  @Test
  void whatAConstraintExcludesForEverIsOfferedToOthersOnly() {
    MesosScheduler waiting =
        schedule(
            "choosy",
            Words.plan(1, 77),
            Map.of("heron.mesos.constraints", "[[\"rack\", \"LIKE\", \"r1\"]]"));
    awaitReason(waiting, "1 of 1 agent ");
    aNeighbourComesAndGoes("seventh");
    awaitReason(waiting, "1 of 1 agent ");
  }
}
