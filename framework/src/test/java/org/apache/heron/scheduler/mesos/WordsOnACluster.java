package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.awaitility.core.ConditionFactory;

/**
 * The topology of the tests on a cluster with real processes: the packages that its containers
 * fetch, and its schedulers, all in this JVM. Used by one thread.
 */
final class WordsOnACluster implements AutoCloseable {
  /** For whatever is awaited: a busy machine takes its time. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path directory;
  private final Path core;
  private final Path topology;
  private final MiniCluster cluster;
  private final Map<String, Object> settings = new HashMap<>();
  private final List<MesosScheduler> schedulers = new ArrayList<>();

  private WordsOnACluster(Path directory, UnaryOperator<MiniCluster.Builder> description)
      throws IOException {
    this.directory = directory;
    core = Packages.core(directory, Packages.EXECUTOR);
    topology =
        Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
    cluster =
        description
            .apply(
                MiniCluster.builder()
                    .directory(directory.resolve("cluster"))
                    .allocationInterval(Duration.ofMillis(200)))
            .start();
    settings.put("heron.mesos.master.uri", cluster.masterUri());
    settings.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
  }

  /**
   * Starts a cluster.
   *
   * @param description of its agents, and of what else is special about it
   */
  static WordsOnACluster start(Path directory, UnaryOperator<MiniCluster.Builder> description)
      throws IOException {
    return new WordsOnACluster(directory, description);
  }

  MiniCluster cluster() {
    return cluster;
  }

  /** From now on schedulers are made with this value. */
  WordsOnACluster with(String key, Object value) {
    settings.put(key, value);
    return this;
  }

  /** From now on containers run this script. */
  WordsOnACluster withExecutor(String script) throws IOException {
    Packages.core(directory, script);
    return this;
  }

  /** As a scheduler process reads it. */
  Config config() {
    return Words.config(settings);
  }

  MesosScheduler schedule(PackingPlan plan) {
    return schedule(plan, Map.of());
  }

  /**
   * @param values of this scheduler alone, also another topology name or other packages
   */
  MesosScheduler schedule(PackingPlan plan, Map<String, Object> values) {
    MesosScheduler scheduler = prepare(values, false);
    scheduler.onSchedule(() -> plan);
    return scheduler;
  }

  MesosScheduler standBy(PackingPlan plan) {
    MesosScheduler scheduler = prepare(Map.of(), true);
    scheduler.onSchedule(() -> plan);
    return scheduler;
  }

  /** A scheduler that has yet to begin. */
  MesosScheduler prepare() {
    return prepare(Map.of(), false);
  }

  private MesosScheduler prepare(Map<String, Object> values, boolean standby) {
    MesosScheduler scheduler = new MesosScheduler();
    schedulers.add(scheduler);
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(values);
    String name = all.getOrDefault("heron.topology.name", Words.NAME).toString();
    scheduler.initialize(
        new SchedulerContext(
            Words.config(all),
            Words.topology(name, name + "-id"),
            new CuratorStateManager(),
            created(workingDirectory(schedulers.size())),
            Map.of(
                "heron.package.core.uri",
                values.getOrDefault("heron.package.core.uri", core.toUri()).toString(),
                "heron.package.topology.uri",
                values.getOrDefault("heron.package.topology.uri", topology).toString()),
            standby));
    return scheduler;
  }

  private static Path created(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a scheduler works; the first one's number is 1. */
  Path workingDirectory(int scheduler) {
    return directory.resolve("working-" + scheduler);
  }

  /** What comes true sooner or later; until then questions may fail. */
  static ConditionFactory eventually() {
    return await().atMost(LIMIT).ignoreExceptions();
  }

  /** Awaits that all containers run, and a master says so: not only what is on record. */
  static SchedulerStatus awaitAllRunning(MesosScheduler scheduler) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              SchedulerStatus status = scheduler.status();
              assertThat(status).matches(SchedulerStatus::allRunning);
              assertThat(status.master()).isNotEmpty();
            });
    return scheduler.status();
  }

  static List<String> taskIds(SchedulerStatus status) {
    return status.containers().stream().map(SchedulerStatus.Container::taskId).toList();
  }

  static void assertSameTasks(SchedulerStatus before, SchedulerStatus after) {
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(taskIds(after)).isEqualTo(taskIds(before));
  }

  /** Ends what was scheduled, for stories that share the cluster. */
  void killAll() {
    for (MesosScheduler scheduler : schedulers) {
      scheduler.onKill();
      scheduler.close();
    }
    schedulers.clear();
  }

  /** Ends schedulers, then the cluster with all tasks. */
  @Override
  public void close() {
    try {
      schedulers.forEach(MesosScheduler::close);
    } finally {
      cluster.close();
    }
  }
}
