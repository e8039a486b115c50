package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.framework.metrics.ExpositionText;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
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
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Agents on which something fits. */
  private static final int AGENTS = 2;

  private static final int ROUND_MILLIS = 100;

  @TempDir static Path directory;
  private static MiniCluster cluster;
  private final List<MesosScheduler> schedulers = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(ROUND_MILLIS))
            .agent(agent -> agent.attributes("rack:r1"))
            .agent(agent -> agent.attributes("rack:r2"))
            // Too small for any container.
            .agent(agent -> agent.resources("cpus:0.02;mem:8;disk:100;ports:[40000-40020]"))
            .start();
    Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
    Packages.core(directory, Packages.EXECUTOR);
    Files.createDirectories(directory.resolve("broken"));
    Packages.core(directory.resolve("broken"), "#!/bin/sh\nexit 1\n");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void end() {
    for (MesosScheduler scheduler : schedulers) {
      scheduler.onKill();
      scheduler.close();
    }
  }

  private MesosScheduler scheduling(String name, PackingPlan plan) {
    return scheduling(name, plan, directory.resolve("heron-core.tar.gz"), Map.of());
  }

  private MesosScheduler scheduling(
      String name, PackingPlan plan, Path core, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.mesos.master.uri", cluster.masterUri());
    all.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    all.put("heron.topology.name", name);
    all.putAll(settings);
    MesosScheduler made = new MesosScheduler();
    made.initialize(
        new SchedulerContext(
            Words.config(all),
            Words.topology(name, name + "-id"),
            null,
            directory,
            Map.of(
                "heron.package.core.uri",
                core.toUri().toString(),
                "heron.package.topology.uri",
                directory.resolve("topology.tar.gz").toString()),
            false));
    made.onSchedule(() -> plan);
    schedulers.add(made);
    return made;
  }

  private static void awaitAllRunning(MesosScheduler scheduler) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status()).matches(SchedulerStatus::allRunning));
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
    MesosScheduler neighbour = scheduling(name, Words.plan(1, 0.5));
    awaitAllRunning(neighbour);
    assertThat(neighbour.onKill().ok()).isTrue();
  }

  @Test
  void whoNeedsNothingIsSilentAndIsOfferedNothing() {
    MesosScheduler content = scheduling("content", Words.plan(2, 0.2));
    awaitAllRunning(content);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
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
    MesosScheduler waiting = scheduling("waiting", huge);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> figure(waiting, "heron_offers_declined_total{reason=\"unfit\"}") > 0);
    aNeighbourComesAndGoes("third");
    aNeighbourComesAndGoes("fourth");
    // What has just come is gathered for a moment.
    await().atMost(LIMIT).ignoreExceptions().until(() -> figure(waiting, "heron_offers_held") == 0);
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
  void whoFailsAllTheTimeRevivesAtMostOnceASecond() {
    long begin = System.nanoTime();
    MesosScheduler failing =
        scheduling(
            "failing",
            Words.plan(1, 0.2),
            directory.resolve("broken/heron-core.tar.gz"),
            Map.of("heron.mesos.backoff.min.ms", 1, "heron.mesos.backoff.max.ms", 5));
    aNeighbourComesAndGoes("fifth");
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> failing.status().containers().get(1).attempt() >= 4);
    double revives = figure(failing, "heron_mesos_call_seconds_count{call=\"revive\"}");
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(revives).isLessThanOrEqualTo(1 + seconds);
  }

  private static void awaitReason(MesosScheduler scheduler, String text) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(scheduler.status().containers())
                    .filteredOn(container -> container.id() == 1)
                    .singleElement()
                    .satisfies(container -> assertThat(container.reason()).contains(text)));
  }

  @Test
  void whatIsTooSmallForAnyContainerIsOfferedToOthersOnly() {
    MesosScheduler waiting = scheduling("picky", Words.plan(1, 77));
    awaitReason(waiting, "2 of 2 agents");
    aNeighbourComesAndGoes("sixth");
    awaitReason(waiting, "2 of 2 agents");
  }

  @Test
  void whatAConstraintExcludesForEverIsOfferedToOthersOnly() {
    MesosScheduler waiting =
        scheduling(
            "choosy",
            Words.plan(1, 77),
            directory.resolve("heron-core.tar.gz"),
            Map.of("heron.mesos.constraints", "[[\"rack\", \"LIKE\", \"r1\"]]"));
    awaitReason(waiting, "1 of 1 agent ");
    aNeighbourComesAndGoes("seventh");
    awaitReason(waiting, "1 of 1 agent ");
  }
}
