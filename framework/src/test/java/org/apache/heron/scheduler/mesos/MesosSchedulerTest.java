package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.eventually;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.taskIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole framework, in this JVM, on a cluster with real processes. */
class MesosSchedulerTest {
  @TempDir private Path directory;
  private WordsOnACluster words;
  private MesosScheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    words = WordsOnACluster.start(directory, cluster -> cluster.agents(2));
  }

  @AfterEach
  void stop() {
    words.close();
  }

  @Test
  void aTopologyRunsSurvivesItsSchedulerAndIsKilledWithoutTrace() throws Exception {
    scheduler = words.schedule(Words.plan(3, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    assertThat(before.containers()).hasSize(4);
    assertThat(before.containers().stream().map(SchedulerStatus.Container::hostname).distinct())
        .hasSize(2);
    assertThat(before.containers().get(0).ports()).hasSize(9);
    assertThat(before.containers().get(0).cpus()).isEqualTo(0.1);
    assertThat(before.problem()).isEmpty();
    assertThat(scheduler.jobLinks())
        .containsExactly("http://" + before.master() + "/#/frameworks/" + before.frameworkId());
    // A task runs before its command has done anything.
    eventually()
        .untilAsserted(
            () ->
                assertThat(arguments(sandboxOf(3)))
                    .contains(
                        "--topology-name=words", "--shard=3", "--topology-binary-file=words.jar"));

    // The process is gone without a word; another takes its place.
    scheduler.close();
    scheduler = words.schedule(Words.plan(3, 0.2));
    SchedulerStatus after = awaitAllRunning(scheduler);
    assertSameTasks(before, after);

    Outcome killed = scheduler.onKill();
    assertThat(killed).isEqualTo(Outcome.done("killed"));
    scheduler.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(words.cluster().leader().frameworks()).isEmpty();
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(scheduler.status().phase()).isEqualTo(SchedulerStatus.Phase.KILLED);
  }

  /** Serves the files of the test's directory, and keeps in mind which. */
  private HttpServer serving(Set<String> fetched) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String path = exchange.getRequestURI().toString();
            byte[] file = Files.readAllBytes(directory.resolve(path.substring(1)));
            fetched.add(path);
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
          }
        });
    server.start();
    return server;
  }

  @Test
  void packagesThatAreFetchedOverHttpAreUnpackedAndRun() throws Exception {
    Set<String> fetched = ConcurrentHashMap.newKeySet();
    HttpServer server = serving(fetched);
    try {
      String files = "http://127.0.0.1:" + server.getAddress().getPort();
      scheduler =
          words.schedule(
              Words.plan(1, 0.2),
              Map.of(
                  "heron.package.core.uri",
                  files + "/heron-core.tar.gz",
                  "heron.package.topology.uri",
                  files + "/topology.tar.gz"));
      awaitAllRunning(scheduler);
      for (int container = 0; container < 2; container++) {
        int each = container;
        eventually()
            .untilAsserted(
                () -> {
                  Path sandbox = sandboxOf(each);
                  assertThat(arguments(sandbox)).contains("--topology-name=words");
                  assertThat(sandbox.resolve("heron-core/bin/heron-executor")).isExecutable();
                  assertThat(sandbox.resolve("words.defn")).hasContent("words");
                });
      }
      assertThat(fetched).containsExactlyInAnyOrder("/heron-core.tar.gz", "/topology.tar.gz");
      assertThat(scheduler.status().containers()).allMatch(each -> each.attempt() == 1);
      assertThat(scheduler.onKill().ok()).isTrue();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aContainerWhoseProcessDiesIsStartedAgainWithItsReasonShown() throws Exception {
    scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    String task = before.containers().get(1).taskId();
    processesOf(task).forEach(ProcessHandle::destroyForcibly);
    eventually()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(1).attempt()).isGreaterThan(1));
    SchedulerStatus after = awaitAllRunning(scheduler);
    assertThat(after.containers().get(1).taskId()).isNotEqualTo(task);
    assertThat(after.containers().get(1).reason()).contains("ended on agent");
    assertThat(after.containers().get(0).taskId()).isEqualTo(before.containers().get(0).taskId());
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  @Test
  void restartedContainersAreNewAndOthersStay() throws Exception {
    scheduler = words.schedule(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    assertThat(scheduler.onRestart(2, 0).join().ok()).isTrue();
    eventually()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(2).attempt()).isEqualTo(2));
    SchedulerStatus after = awaitAllRunning(scheduler);
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
    scheduler = words.schedule(oversized());
    eventually()
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
    scheduler = words.schedule(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    assertThat(scheduler.onScale(Words.plan(4, 0.2)).join().message())
        .isEqualTo("added [3, 4], removed none");
    SchedulerStatus larger = awaitAllRunning(scheduler);
    assertThat(larger.containers()).hasSize(5);
    assertThat(taskIds(larger)).startsWith(taskIds(before).toArray(String[]::new));

    // The process is lost when the smaller plan is on record, but nothing of it is done yet.
    scheduler.close();
    scheduler = words.schedule(Words.plan(2, 0.2));
    eventually().until(() -> scheduler.status().containers().size() == 3);
    SchedulerStatus smaller = awaitAllRunning(scheduler);
    assertThat(taskIds(smaller)).isEqualTo(taskIds(before));
    assertThat(processesOf(larger.containers().get(4).taskId())).isEmpty();
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  @Test
  void aContainerThatFitsNowhereSaysWhatItLacksAndTheOthersRun() throws Exception {
    scheduler = words.schedule(oversized(), Map.of("heron.mesos.gang.wait.ms", 0));
    eventually()
        .untilAsserted(
            () -> {
              assertThat(scheduler.status().containers().get(1).state()).isEqualTo("RUNNING");
              assertThat(scheduler.status().containers().get(2).reason())
                  .startsWith("waits for offers: needs 77.0 cpus: 2 of 2 agents lack ");
            });
    assertThat(scheduler.status().problem()).contains("container 2 waits for offers");
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(words.cluster().leader().frameworks()).isEmpty();
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

  private Path sandboxOf(int container) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("cluster"))) {
      return files
          .filter(file -> file.endsWith("arguments"))
          .filter(file -> !file.toString().contains("/latest/"))
          .filter(file -> contains(file, "--shard=" + container))
          .findFirst()
          .orElseThrow()
          .getParent();
    }
  }

  private static List<String> arguments(Path sandbox) throws IOException {
    return List.of(Files.readString(sandbox.resolve("arguments")).strip().split(" "));
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
  }
}
