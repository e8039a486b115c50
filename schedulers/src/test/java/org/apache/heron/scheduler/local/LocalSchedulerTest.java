package org.apache.heron.scheduler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.scheduler.local.process.FakeExecutor;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole scheduler in this process, with real containers' processes of a stand-in executor. */
@EnabledOnOs(OS.LINUX)
class LocalSchedulerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path temporary;
  private Path directory;
  private final List<LocalScheduler> schedulers = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createDirectories(temporary.toRealPath().resolve("words"));
    Path bin = Files.createDirectories(temporary.resolve("core/bin"));
    String classes =
        Path.of(FakeExecutor.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        bin.resolve("heron-executor"),
        "#!/bin/sh\nexec "
            + String.join(" ", java, "-Xshare:auto -XX:TieredStopAtLevel=1 -cp", classes)
            + " "
            + FakeExecutor.class.getName()
            + " \"$@\"\n");
    Files.setPosixFilePermissions(
        bin.resolve("heron-executor"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(directory.resolve("heron-conf"));
    Files.writeString(directory.resolve("words.defn"), "definition");
  }

  @AfterEach
  void nothingIsLeft() {
    schedulers.forEach(LocalScheduler::close);
    Remains.endAllIn(directory);
  }

  private static PackingPlan plan(int... containers) {
    Resource size = new Resource(1, ByteAmount.ofMegabytes(512), ByteAmount.ofMegabytes(512));
    return new PackingPlan(
        "plan",
        IntStream.of(containers).mapToObj(id -> new ContainerPlan(id, List.of(), size)).toList());
  }

  private LocalScheduler scheduler(int... containers) {
    return scheduler(Map.of(), containers);
  }

  private LocalScheduler scheduler(Map<String, Object> more, int... containers) {
    Map<String, Object> values = new HashMap<>(more);
    values.putAll(
        Map.of(
            "heron.config.cluster", "local",
            "heron.config.role", "ada",
            "heron.config.environ", "default",
            "heron.statemgr.connection.string", "LOCALMODE",
            "heron.statemgr.root.path", "/state",
            "heron.topology.definition.file", "words.defn",
            "heron.topology.binary.file", "words.jar",
            "heron.directory.sandbox.java.home", System.getProperty("java.home"),
            "heron.scheduler.local.backoff.min.ms", "100",
            "heron.scheduler.local.kill.grace.ms", "1000"));
    Config config = ConfigLoader.cluster(Config.of(values));
    LocalScheduler scheduler = new LocalScheduler();
    schedulers.add(scheduler);
    scheduler.initialize(
        new SchedulerContext(
            config,
            Topology.newBuilder()
                .setName("words")
                .setId("words-1")
                .setState(TopologyState.RUNNING)
                .build(),
            null,
            directory,
            Map.of("heron.package.core.uri", temporary.resolve("core").toString()),
            false));
    scheduler.onSchedule(() -> plan(containers));
    return scheduler;
  }

  private void behave(String how) throws IOException {
    Files.writeString(directory.resolve("behaviour"), how);
  }

  private static SchedulerStatus until(
      LocalScheduler scheduler, String what, Predicate<SchedulerStatus> done) {
    await(what).atMost(PATIENCE).until(scheduler::status, done);
    return scheduler.status();
  }

  private static void untilAllRun(LocalScheduler scheduler, int containers) {
    until(
        scheduler,
        "all run",
        status -> status.allRunning() && status.containers().size() == containers);
  }

  private static Container container(LocalScheduler scheduler, int id) {
    return scheduler.status().containers().stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private long pid(int container) throws IOException {
    String record = Files.readString(directory.resolve("records/container-" + container));
    return record
        .lines()
        .filter(line -> line.startsWith("process.id="))
        .map(line -> Long.parseLong(line.substring("process.id=".length())))
        .findFirst()
        .orElseThrow();
  }

  private static Outcome get(java.util.concurrent.Future<Outcome> answer) throws Exception {
    return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void eachContainerRunsInADirectoryOfItsOwnAndAKillLeavesNothing() throws Exception {
    LocalScheduler scheduler = scheduler(1, 2);
    untilAllRun(scheduler, 3);
    assertThat(container(scheduler, 2).ports()).hasSize(9).containsKey("shell-port");
    Path sandbox = directory.resolve("container-2");
    assertThat(Files.readAllLines(sandbox.resolve("arguments")))
        .contains("--shard=2", "--topology-defn-file=words.defn");
    assertThat(sandbox.resolve("words.defn")).hasContent("definition");
    assertThat(Files.exists(sandbox.resolve("scheduler.lock"), LinkOption.NOFOLLOW_LINKS))
        .isFalse();

    long pid = pid(2);
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));

    assertThat(ProcessHandle.of(pid).filter(LivingProcess::isAlive)).isEmpty();
    assertThat(Remains.endAllIn(directory)).isZero();
    assertThat(sandbox).doesNotExist();
    scheduler.finished().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void aSchedulerThatIsStartedAnewGoesOnWithTheSameProcesses() throws Exception {
    LocalScheduler first = scheduler(1);
    untilAllRun(first, 2);
    assertThatThrownBy(() -> scheduler(1))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("another scheduler process");
    long[] before = {pid(0), pid(1)};
    // Not 1 if somebody has taken one of its ports meanwhile.
    int attempt = container(first, 1).attempt();
    first.close();

    LocalScheduler second = scheduler(1);
    untilAllRun(second, 2);
    assertThat(new long[] {pid(0), pid(1)}).isEqualTo(before);
    assertThat(container(second, 1).attempt()).isEqualTo(attempt);

    // It is no child of this scheduler as far as the second knows: its end is noticed all the same.
    ProcessHandle.of(before[1]).orElseThrow().destroyForcibly();
    until(second, "replaced", status -> container(second, 1).attempt() > attempt);
    untilAllRun(second, 2);
    assertThat(container(second, 1).reason()).contains("ended");
    assertThat(second.onKill().ok()).isTrue();
  }

  @Test
  void whyAContainerFailsIsShown() throws Exception {
    behave("fail");
    LocalScheduler scheduler = scheduler(1);
    until(
        scheduler,
        "it was started again",
        status -> status.containers().size() == 2 && container(scheduler, 1).attempt() >= 2);
    // It backs off for a moment each time.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scheduler.explain().orElseThrow().containers().get(1).line())
                    .startsWith("backs off after"));
    assertThat(container(scheduler, 1).reason()).isEqualTo("ended with exit code 3: no such model");
    assertThat(scheduler.history().orElseThrow().containers().get(1).happenings())
        .anyMatch(happening -> happening.kind().equals("FAILED"));
    behave("");
    assertThat(get(scheduler.onRestart(-1, 5)).ok()).isTrue();
    untilAllRun(scheduler, 2);
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  private static int clashes(LocalScheduler scheduler, int container) {
    return (int)
        scheduler.history().orElseThrow().containers().get(container).happenings().stream()
            .filter(happening -> happening.text().endsWith("; it gets other ports"))
            .count();
  }

  @Test
  void aContainerWhosePortIsTakenGetsOthersAtOnce() throws Exception {
    behave("taken");
    LocalScheduler scheduler = scheduler(1);
    untilAllRun(scheduler, 2);
    // More if somebody has taken one of the others, too.
    assertThat(container(scheduler, 1).attempt())
        .isEqualTo(1 + clashes(scheduler, 1))
        .isGreaterThanOrEqualTo(2);
    assertThat(scheduler.explain().orElseThrow().containers().get(1).failures()).isZero();
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  @Test
  void aProcessThatDoesNotEndAndOneThatItLeavesBehindAreEndedByForce() throws Exception {
    behave("stubborn");
    LocalScheduler scheduler = scheduler(1);
    untilAllRun(scheduler, 2);
    long stubborn = pid(1);
    behave("child");
    assertThat(get(scheduler.onRestart(1, 0)).ok()).isTrue();
    assertThat(ProcessHandle.of(stubborn).filter(LivingProcess::isAlive)).isEmpty();
    Path daemon = directory.resolve("container-1/daemon.pid");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(daemon) && !Files.readString(daemon).isBlank());
    long left = Long.parseLong(Files.readString(daemon).strip());
    assertThat(ProcessHandle.of(left).filter(LivingProcess::isAlive)).isPresent();
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(ProcessHandle.of(left).filter(LivingProcess::isAlive)).isEmpty();
  }

  /** Containers are known by their directory's name in the environment of their processes. */
  @Test
  void whatRunsInADirectoryWithLettersOfAnyAlphabetIsFoundAndEnded() throws Exception {
    String name = "wörter слова 言葉 100%";
    Charset ofPaths = Charset.forName(System.getProperty("sun.jnu.encoding"));
    assumeTrue(ofPaths.newEncoder().canEncode(name), "this locale has no such names");
    Path plain = directory;
    directory = Files.createDirectory(plain.resolveSibling(name));
    Files.createDirectories(directory.resolve("heron-conf"));
    Files.copy(plain.resolve("words.defn"), directory.resolve("words.defn"));
    behave("child");
    LocalScheduler scheduler = scheduler(1);
    untilAllRun(scheduler, 2);
    Path daemon = directory.resolve("container-1/daemon.pid");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(daemon) && !Files.readString(daemon).isBlank());
    long left = Long.parseLong(Files.readString(daemon).strip());
    assertThat(Remains.countIn(directory)).isGreaterThanOrEqualTo(3);
    assertThat(Remains.countIn(plain)).isZero();

    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(ProcessHandle.of(left).filter(LivingProcess::isAlive)).isEmpty();
    assertThat(Remains.countIn(directory)).isZero();
    assertThat(directory.resolve("container-1")).doesNotExist();
  }

  @Test
  void aContainerThatIsNotWellOrHangsIsStartedAnew() throws Exception {
    LocalScheduler scheduler =
        scheduler(
            Map.of(
                "heron.scheduler.local.health.check.interval.ms", 50,
                "heron.scheduler.local.health.check.timeout.ms", 10_000,
                "heron.scheduler.local.health.check.failures", 1),
            1);
    untilAllRun(scheduler, 2);
    Path asked = directory.resolve("container-1/asked");
    await().atMost(PATIENCE).until(() -> Files.exists(asked));
    Path unwell = directory.resolve("container-1/unwell");
    Path written = directory.resolve("container-1/unwell.new");
    Files.writeString(written, "the stream manager has failed");
    Files.move(written, unwell, StandardCopyOption.ATOMIC_MOVE);
    until(
        scheduler,
        "it is ended",
        status -> container(scheduler, 1).reason().startsWith("its health check failed"));
    assertThat(container(scheduler, 1).reason())
        .isEqualTo("its health check failed: 503 the stream manager has failed");
    Files.delete(unwell);
    until(
        scheduler,
        "it is replaced",
        status -> status.allRunning() && container(scheduler, 1).attempt() > 1);

    int attempt = container(scheduler, 1).attempt();
    long hanging = pid(1);
    // A failure counts after a success.
    Files.deleteIfExists(asked);
    await().atMost(PATIENCE).until(() -> Files.exists(asked));
    assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(hanging)).start().waitFor())
        .isZero();
    until(
        scheduler,
        "it is replaced again",
        status -> status.allRunning() && container(scheduler, 1).attempt() > attempt);
    assertThat(ProcessHandle.of(hanging).filter(LivingProcess::isAlive)).isEmpty();
    assertThat(scheduler.history().orElseThrow().containers().get(1).happenings())
        .anyMatch(happening -> happening.text().endsWith("no answer within 10000 ms"));
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  // As on a disk that is full: what cannot be put on record is not begun.
  @Test
  void nothingIsStartedThatCannotBePutOnRecord() throws Exception {
    Path inTheWay = Files.createFile(directory.resolve("records"));
    LocalScheduler scheduler = scheduler(1);
    until(
        scheduler,
        "it backs off",
        status ->
            status.containers().size() == 2
                && container(scheduler, 1).state().equals("BACKING_OFF"));
    assertThat(container(scheduler, 1).reason()).contains("cannot be put on record");
    assertThat(scheduler.status().problem()).contains("cannot be put on record");
    assertThat(Remains.endAllIn(directory)).isZero();
    Files.delete(inTheWay);
    untilAllRun(scheduler, 2);
    assertThat(scheduler.status().problem()).isEmpty();
    assertThat(scheduler.onKill().ok()).isTrue();
  }

  @Test
  void containersAreAddedAndRemoved() throws Exception {
    LocalScheduler scheduler = scheduler(1, 2);
    untilAllRun(scheduler, 3);
    long stays = pid(1);
    assertThat(get(scheduler.onScale(plan(1, 3))).ok()).isTrue();
    assertThat(scheduler.status().containers()).extracting(Container::id).containsExactly(0, 1, 3);
    assertThat(pid(1)).isEqualTo(stays);
    assertThat(directory.resolve("container-2")).doesNotExist();
    assertThat(get(scheduler.onRestart(2, 0)).ok()).isFalse();
    assertThat(scheduler.onKill().ok()).isTrue();
  }
}
