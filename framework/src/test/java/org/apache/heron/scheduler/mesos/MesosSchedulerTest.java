package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole framework, in this JVM, on a cluster with real processes. */
class MesosSchedulerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private MiniCluster cluster;
  private MesosScheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agents(2)
            .start();
  }

  @AfterEach
  void stop() {
    if (scheduler != null) {
      scheduler.close();
    }
    cluster.close();
  }

  private MesosScheduler scheduling(PackingPlan plan) throws IOException {
    return scheduling(plan, Map.of());
  }

  private MesosScheduler scheduling(PackingPlan plan, Map<String, ?> values) throws IOException {
    Map<String, Object> all = new HashMap<>(values);
    all.put("heron.mesos.master.uri", cluster.masterUri());
    all.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    Path core = directory.resolve("heron-core.tar.gz");
    if (!Files.exists(core)) {
      Packages.core(directory, Packages.EXECUTOR);
      Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
    }
    MesosScheduler made = new MesosScheduler();
    made.initialize(
        new SchedulerContext(
            Words.config(all),
            Words.topology("words-id"),
            null,
            directory,
            Map.of(
                "heron.package.core.uri", core.toUri().toString(),
                "heron.package.topology.uri", directory.resolve("topology.tar.gz").toString()),
            false));
    made.onSchedule(() -> plan);
    return made;
  }

  private SchedulerStatus awaitAllRunning() {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status()).matches(SchedulerStatus::allRunning));
    return scheduler.status();
  }

  @Test
  void aTopologyRunsSurvivesItsSchedulerAndIsKilledWithoutTrace() throws Exception {
    scheduler = scheduling(Words.plan(3, 0.2));
    SchedulerStatus before = awaitAllRunning();
    assertThat(before.containers()).hasSize(4);
    assertThat(before.containers().stream().map(SchedulerStatus.Container::hostname).distinct())
        .hasSize(2);
    assertThat(before.containers().get(0).ports()).hasSize(9);
    assertThat(before.containers().get(0).cpus()).isEqualTo(0.1);
    assertThat(before.problem()).isEmpty();
    assertThat(scheduler.jobLinks())
        .containsExactly("http://" + before.master() + "/#/frameworks/" + before.frameworkId());
    // A task runs before its command has done anything.
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(argumentsOfContainer(3))
                    .contains(
                        "--topology-name=words", "--shard=3", "--topology-binary-file=words.jar"));

    // The process is gone without a word; another takes its place.
    scheduler.close();
    scheduler = scheduling(Words.plan(3, 0.2));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status().master()).isNotEmpty());
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(taskIds(after)).isEqualTo(taskIds(before));

    Outcome killed = scheduler.onKill();
    assertThat(killed).isEqualTo(Outcome.done("killed"));
    scheduler.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(cluster.leader().frameworks()).isEmpty();
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(scheduler.status().phase()).isEqualTo(SchedulerStatus.Phase.KILLED);
  }

  @Test
  void aContainerWhoseProcessDiesIsStartedAgainWithItsReasonShown() throws Exception {
    scheduler = scheduling(Words.plan(1, 0.2));
    SchedulerStatus before = awaitAllRunning();
    String task = before.containers().get(1).taskId();
    processesOf(task).forEach(ProcessHandle::destroyForcibly);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(1).attempt()).isGreaterThan(1));
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.containers().get(1).taskId()).isNotEqualTo(task);
    assertThat(after.containers().get(1).reason()).contains("ended on agent");
    assertThat(after.containers().get(0).taskId()).isEqualTo(before.containers().get(0).taskId());
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  @Test
  void restartedContainersAreNewAndOthersStay() throws Exception {
    scheduler = scheduling(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning();
    assertThat(scheduler.onRestart(2, 0).join().ok()).isTrue();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(2).attempt()).isEqualTo(2));
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.containers().get(1).taskId()).isEqualTo(before.containers().get(1).taskId());
    assertThat(scheduler.onRestart(9, 0).join().message()).contains("no container 9");
    assertThat(scheduler.onRestart(-7, 0).join().ok()).isFalse();
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  /** Container 1 is small, container 2 is larger than any agent. */
  private static PackingPlan oversized() {
    return new PackingPlan(
        "words-id",
        Stream.of(Words.plan(1, 0.2), Words.plan(2, 77))
            .map(each -> each.containers().get(each.containers().size() - 1))
            .toList());
  }

  @Test
  void aTopologyThatDoesNotFitAsAWholeTakesNothingAndSaysWhatIsMissing() throws Exception {
    scheduler = scheduling(oversized());
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(scheduler.status().containers().get(2).reason())
                  .startsWith("waits for offers: needs 77.0 cpus: 2 of 2 agents lack ");
              assertThat(scheduler.status().containers().get(1).reason())
                  .startsWith("waits for offers: fits, but nothing is launched until all")
                  .contains("2 of 3 fit", "lack 69.3 cpus", "container 2 needs 77.0 cpus");
            });
    assertThat(scheduler.status().containers())
        .allMatch(container -> container.state().equals("WAITING"));
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  @Test
  void containersComeAndGoWhileTheOthersRunOn() throws Exception {
    scheduler = scheduling(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning();
    assertThat(scheduler.onScale(Words.plan(4, 0.2)).join().message())
        .isEqualTo("added [3, 4], removed none");
    SchedulerStatus larger = awaitAllRunning();
    assertThat(larger.containers()).hasSize(5);
    assertThat(taskIds(larger)).startsWith(taskIds(before).toArray(String[]::new));

    // The process is lost when the smaller plan is on record, but nothing of it is done yet.
    scheduler.close();
    scheduler = scheduling(Words.plan(2, 0.2));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> scheduler.status().containers().size() == 3);
    SchedulerStatus smaller = awaitAllRunning();
    assertThat(taskIds(smaller)).isEqualTo(taskIds(before));
    assertThat(processesOf(larger.containers().get(4).taskId())).isEmpty();
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void aContainerThatFitsNowhereSaysWhatItLacksAndTheOthersRun() throws Exception {
    scheduler = scheduling(oversized(), Map.of("heron.mesos.gang.wait.ms", 0));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(scheduler.status().containers().get(1).state()).isEqualTo("RUNNING");
              assertThat(scheduler.status().containers().get(2).reason())
                  .startsWith("waits for offers: needs 77.0 cpus: 2 of 2 agents lack ");
            });
    assertThat(scheduler.status().problem()).contains("container 2 waits for offers");
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  private static List<String> taskIds(SchedulerStatus status) {
    return status.containers().stream().map(SchedulerStatus.Container::taskId).toList();
  }

  /** The processes whose working directory is that task's sandbox, on this test's own cluster. */
  private Stream<ProcessHandle> processesOf(String task) throws IOException {
    Path own = directory.toRealPath();
    return ProcessHandle.allProcesses()
        .filter(
            handle -> {
              try {
                Path cwd = Files.readSymbolicLink(Path.of("/proc/" + handle.pid() + "/cwd"));
                return cwd.startsWith(own) && cwd.toString().contains(task);
              } catch (IOException e) {
                return false;
              }
            });
  }

  private List<String> argumentsOfContainer(int container) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("cluster"))) {
      Path arguments =
          files
              .filter(file -> file.endsWith("arguments"))
              .filter(file -> !file.toString().contains("/latest/"))
              .filter(file -> contains(file, "--shard=" + container))
              .findFirst()
              .orElseThrow();
      return List.of(Files.readString(arguments).strip().split(" "));
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
  }
}
