package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** conf/nomad/heron_nomad.sh, run as raw_exec runs it, with an executor that is a shell script. */
class ScriptTest extends NomadStory {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final RealTasks real = new RealTasks();

  @BeforeEach
  void withProcesses() throws Exception {
    nomad.close();
    nomad = new StandInNomad(real).with(Node.large("a"));
    real.runIn(directory.resolve("alloc"));
    values.put("heron.nomad.scheduler.uri", nomad.uri());
    values.put("heron.scheduler.local.working.directory", directory.resolve("work").toString());
    values.put("heron.package.core.uri", core("exec sleep 600").toUri().toString());
    // A script that is told to end ends what it has begun first, however slow the machine.
    values.put("heron.nomad.kill.timeout.sec", 60);
    values.put("heron.nomad.kill.wait.sec", 60);
  }

  @AfterEach
  void endProcesses() {
    real.close();
  }

  /** A core package whose executor tells what it is given, and then does that. */
  private Path core(String then) throws Exception {
    Path root = Files.createTempDirectory(directory, "core");
    Path bin = Files.createDirectories(root.resolve("heron-core/bin"));
    Path executor = bin.resolve("heron-executor");
    Files.writeString(
        executor,
        "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done > words.txt\n" + then + "\n");
    assertThat(executor.toFile().setExecutable(true)).isTrue();
    Path archive = root.resolve("heron-core.tar.gz");
    tar(root, archive, "heron-core");
    return archive;
  }

  private static void tar(Path directory, Path archive, String what) throws Exception {
    Process tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), what)
            .directory(directory.toFile())
            .start();
    assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).isZero();
  }

  private NomadScheduler submit() throws Exception {
    Path root = Files.createTempDirectory(directory, "package");
    Files.createDirectories(root.resolve("heron-conf"));
    Files.writeString(root.resolve("heron-conf/scheduler.yaml"), "a: b\n");
    Path archive = root.resolve("topology.tar.gz");
    tar(root, archive, "heron-conf");
    Map<String, String> properties = new HashMap<>();
    properties.put(SchedulerContext.PACKAGE_URI, archive.toUri().toString());
    NomadScheduler scheduler = new NomadScheduler();
    state.put(StateKind.PACKING_PLAN, "words", PackingPlanProtos.toProto(plan(1)));
    scheduler.initialize(
        SchedulerContext.ofLibrary(cluster(), local(), TOPOLOGY, state, properties), Map.of());
    scheduler.onSchedule(() -> plan(1));
    return scheduler;
  }

  private Path container(int id) {
    return directory.resolve("work/container-" + id);
  }

  private static boolean says(Path file, String text) throws IOException {
    return Files.exists(file) && Files.readString(file).contains(text);
  }

  @Test
  void theExecutorRunsInItsDirectoryWithNomadsPortsAndEndsWithItsJob() throws Exception {
    try (NomadScheduler scheduler = submit()) {
      Path words = container(1).resolve("words.txt");
      await().atMost(PATIENCE).until(() -> says(words, "--checkpoint-manager-port="));
      assertThat(Files.readString(words))
          .contains("--shard=1\n")
          .containsPattern("--server-port=\\d+\n")
          // Neither globbed nor quoted.
          .contains("--instance-classpath=./heron-core/lib/instance/*\n")
          .contains("--component-ram-map=word:1073741824\n");
      assertThat(container(1).resolve("heron-conf/scheduler.yaml")).exists();
      assertThat(container(1).resolve("heron-core.tar.gz")).doesNotExist();
      assertThat(Files.readString(container(1).resolve("port_file"))).matches("\\d+\n");
      assertThat(scheduler.status().allRunning()).isTrue();
      Path others = container(0).resolve("words.txt");
      await().atMost(PATIENCE).until(() -> says(others, "--checkpoint-manager-port="));

      assertThat(scheduler.onKill().ok()).isTrue();

      assertThat(real.alive()).isZero();
      // Nothing is left on the node.
      assertThat(container(1)).doesNotExist();
      try (var left = Files.list(directory.resolve("work"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aRestartFetchesAnewAndWaitsForTheEndOfTheFormerRun() throws Exception {
    values.put("heron.nomad.keep.working.directory", true);
    try (NomadScheduler scheduler = submit()) {
      await().atMost(PATIENCE).until(() -> says(container(1).resolve("words.txt"), "--shard"));
      Files.writeString(container(1).resolve("former"), "");
      assertThat(scheduler.onRestart(1, 1).get(60, TimeUnit.SECONDS).ok()).isTrue();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  says(container(1).resolve("words.txt"), "--shard")
                      && !Files.exists(container(1).resolve("former")));
      assertThat(scheduler.onKill().ok()).isTrue();
      // Kept, as it was asked for.
      assertThat(container(1).resolve("words.txt")).exists();
    }
  }

  /**
   * Else the two that wait would share a directory, and the one that was asked to end remove it.
   */
  @Test
  void aRunThatWaitsForTheFormerOneIsItselfWaitedFor() throws Exception {
    Path gate = directory.resolve("gate");
    String slow =
        "trap 'while [ ! -e "
            + gate
            + " ]; do sleep 0.1; done; exit 0' TERM\n"
            + "while true; do sleep 0.1; done";
    values.put("heron.package.core.uri", core(slow).toUri().toString());
    try (NomadScheduler scheduler = submit()) {
      Path words = container(1).resolve("words.txt");
      await().atMost(PATIENCE).until(() -> says(words, "--shard") && real.alive() == 2);
      Path mark = directory.resolve("work/container-1.pid");
      String former = Files.readString(mark);
      assertThat(scheduler.onRestart(1, 1).get(60, TimeUnit.SECONDS).ok()).isTrue();
      // Longer than that nobody waits for the former run, which cannot end yet.
      await()
          .atMost(Duration.ofSeconds(25))
          .until(() -> Files.exists(mark) && !Files.readString(mark).equals(former));
      assertThat(scheduler.onRestart(1, 1).get(60, TimeUnit.SECONDS).ok()).isTrue();
      Files.createFile(gate);
      await().atMost(PATIENCE).until(() -> real.alive() == 2 && says(words, "--shard"));
      assertThat(scheduler.status().allRunning()).isTrue();
      assertThat(scheduler.onKill().ok()).isTrue();
      try (var left = Files.list(directory.resolve("work"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aPackageThatIsMissingFailsTheTaskWithItsMessage() throws Exception {
    values.put("heron.package.core.uri", directory.resolve("none.tar.gz").toUri().toString());
    try (NomadScheduler scheduler = submit()) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  scheduler.status().containers().stream()
                      .map(SchedulerStatus.Container::state)
                      .allMatch("BACKING_OFF"::equals));
      assertThat(scheduler.status().containers().get(0).reason())
          .startsWith("Terminated: Exit Code: 1");
      assertThat(real.output()).contains("none.tar.gz");
      assertThat(scheduler.onKill().ok()).isTrue();
    }
  }

  @Test
  void anExecutorThatEndsByItselfEndsItsTask() throws Exception {
    values.put("heron.package.core.uri", core("exit 7").toUri().toString());
    try (NomadScheduler scheduler = submit()) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  scheduler.status().containers().stream()
                      .allMatch(each -> each.reason().contains("Exit Code: 7")));
      // What it wrote is there to be looked at.
      assertThat(container(0).resolve("words.txt")).exists();
      assertThat(scheduler.onKill().ok()).isTrue();
    }
  }

  @Test
  void aDirectoryThatIsNoneIsNotTouched() throws Exception {
    Path script = CONF.resolve("heron_nomad.sh");
    for (String wrong : new String[] {"/", "", directory.toString(), "container-1"}) {
      ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
      builder.environment().put("HERON_NOMAD_WORKING_DIR", wrong);
      Process process = builder.redirectErrorStream(true).start();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("not the absolute path of a container's directory");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(64);
    }
    assertThat(directory).exists();
  }
}
