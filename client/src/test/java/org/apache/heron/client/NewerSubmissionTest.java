package org.apache.heron.client;

import static org.apache.heron.client.FakeScheduler.container;
import static org.apache.heron.client.FakeScheduler.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.uploader.IUploader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Submits and kills that take their time, while the name is given to a newer submission. */
@Timeout(180)
class NewerSubmissionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration IMPATIENT = Duration.ofMillis(200);

  @TempDir Path directory;
  private TestHome home;
  private FakeScheduler scheduler;
  private final RecordingProgress progress = new RecordingProgress();

  /** A package is taken back, or deleted for the first time, as slowly as the test wants. */
  public static final class SlowUploader implements IUploader {
    private static final AtomicBoolean SLOW = new AtomicBoolean();
    private static volatile boolean slowToUndo;
    private static volatile CountDownLatch reached;
    private static volatile CountDownLatch held;

    /** For reflection. */
    public SlowUploader() {}

    static void slow(boolean toUndo) {
      SLOW.set(true);
      slowToUndo = toUndo;
      reached = new CountDownLatch(1);
      held = new CountDownLatch(1);
    }

    @Override
    public void initialize(Config config) {}

    @Override
    public URI uploadPackage() {
      return URI.create("http://warehouse/words");
    }

    @Override
    public boolean undo() {
      hold(slowToUndo);
      return true;
    }

    @Override
    public void delete() {
      hold(!slowToUndo);
    }

    private static void hold(boolean slowly) {
      if (!slowly || !SLOW.compareAndSet(true, false)) {
        return;
      }
      reached.countDown();
      try {
        held.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void prepare() throws IOException {
    home = new TestHome(directory);
    scheduler = new FakeScheduler();
    FakeLauncher.use(scheduler);
    SlowUploader.slow(true);
  }

  @AfterEach
  void stop() {
    SlowUploader.held.countDown();
    scheduler.close();
  }

  @Test
  void aKillWaitsUntilTheSubmitHasTakenItselfBack() throws Exception {
    CompletableFuture<Throwable> submitted = submitOneThatWaits();
    CompletableFuture<Throwable> killed = kill(PATIENCE);
    SlowUploader.reached.await();
    await()
        .atMost(PATIENCE)
        .until(
            () -> progress.lines().contains("stage waiting for the end of another submit or kill"));
    assertThat(home.stateFiles()).anyMatch(file -> file.contains("submitTopology"));
    SlowUploader.held.countDown();
    assertThat(killed.get(60, TimeUnit.SECONDS)).isNull();
    assertThat(submitted.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ClientException.class)
        .hasMessage("Topology 'words' does not start: it was killed while it was being launched");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aSubmitThatIsTakenBackSlowlyLeavesANewerOneOfItsNameAlone() throws Exception {
    CompletableFuture<Throwable> submitted = submitOneThatWaits();
    assertThat(kill(IMPATIENT).get(60, TimeUnit.SECONDS)).isNull();
    SlowUploader.reached.await();
    // Its lock is still there, and an explicit kill frees the name of it.
    assertThat(kill(IMPATIENT).get(60, TimeUnit.SECONDS)).isNull();
    submitNewer();
    SlowUploader.held.countDown();
    assertThat(submitted.get(60, TimeUnit.SECONDS)).isInstanceOf(ClientException.class);
    assertThat(progress.lines())
        .anyMatch(
            line ->
                line.startsWith("warn Cannot remove the definition of topology 'words'")
                    && line.contains("is another submission's by now, words-0002,"));
    assertTheNewerIsThere();
  }

  @Test
  void aKillThatIsSlowLeavesANewerSubmissionAlone() throws Exception {
    SlowUploader.slow(false);
    submit("words-0001", Map.of("heron.class.uploader", SlowUploader.class.getName()));
    CompletableFuture<Throwable> slow = kill(PATIENCE);
    SlowUploader.reached.await();
    FakeLauncher.neverRegistered();
    assertThat(kill(IMPATIENT).get(60, TimeUnit.SECONDS)).isNull();
    assertThat(kill(IMPATIENT).get(60, TimeUnit.SECONDS)).isNull();
    submitNewer();
    SlowUploader.held.countDown();
    assertThat(slow.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ClientException.class)
        .hasMessage(
            "Topology 'words' is another submission's by now, words-0002, of which nothing is"
                + " touched");
    assertTheNewerIsThere();
  }

  /** Of a process whose end cannot be seen from here. */
  @Test
  void aKillRemovesALockOfWhichNothingElseIsLeft() throws Exception {
    try (RuntimeSession session = session();
        IStateManager.Lock lock =
            session.state().lock("words", "submitTopology", Duration.ZERO).orElseThrow()) {
      assertThat(lock).isNotNull();
      new TopologyKill(session, IMPATIENT).run();
      assertThat(home.stateFiles()).isEmpty();
      assertThatThrownBy(() -> new TopologyKill(session, IMPATIENT).run())
          .isInstanceOf(ClientException.class)
          .hasMessage("Topology 'words' does not exist");
    }
  }

  @Test
  void aKillThatWasCutOffAfterTheDefinitionIsFinished() throws Exception {
    submit("words-0001", Map.of());
    try (RuntimeSession session = session()) {
      session.state().delete(StateKind.TOPOLOGY, "words");
    }
    assertThat(kill(IMPATIENT).get(60, TimeUnit.SECONDS)).isNull();
    assertThat(home.stateFiles()).isEmpty();
  }

  private void assertTheNewerIsThere() {
    try (RuntimeSession session = session()) {
      IStateManager state = session.state();
      assertThat(state.get(StateKind.TOPOLOGY, "words").map(Topology::getId))
          .contains("words-0002");
      assertThat(state.get(StateKind.EXECUTION_STATE, "words").map(ExecutionState::getTopologyId))
          .contains("words-0002");
      assertThat(state.exists(StateKind.PACKING_PLAN, "words")).isTrue();
      assertThat(state.exists(StateKind.SCHEDULER_LOCATION, "words")).isTrue();
    }
    assertThat(scheduler.requests()).containsExactly("/kill");
  }

  private CompletableFuture<Throwable> submitOneThatWaits() {
    scheduler.say(
        statusOf("words", "words-0001", "RUNNING", "", container(0, "WAITING", 0, "busy")));
    CompletableFuture<Throwable> submitted =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowable(
                    () ->
                        submit(
                            "words-0001",
                            Map.of("heron.class.uploader", SlowUploader.class.getName()))));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                progress.lines().stream()
                    .anyMatch(line -> line.startsWith("stage waiting for offers")));
    return submitted;
  }

  private void submitNewer() throws Exception {
    scheduler.say(statusOf("words", "words-0002", "RUNNING", "", container(0, "RUNNING", 1, "")));
    submit("words-0002", Map.of());
  }

  private void submit(String id, Map<String, Object> properties) throws Exception {
    Path definition = Files.createDirectories(directory.resolve(id)).resolve("words.defn");
    Files.write(
        definition, TestTopologies.words("words", 1).toBuilder().setId(id).build().toByteArray());
    new Submitter(TestHome.environment(), progress)
        .submit(
            new SubmitRequest(
                home.settings(properties),
                home.jar().toString(),
                CopyingMain.class.getName(),
                List.of(definition.toString()),
                List.of(),
                "",
                false,
                Optional.empty()));
  }

  private CompletableFuture<Throwable> kill(Duration patience) {
    return CompletableFuture.supplyAsync(
        () ->
            catchThrowable(
                () -> {
                  try (RuntimeSession session =
                      RuntimeSession.open(
                          home.settings(
                              Map.of("heron.class.uploader", SlowUploader.class.getName())),
                          "words",
                          progress)) {
                    new TopologyKill(session, patience).run();
                  }
                }));
  }

  private RuntimeSession session() {
    return RuntimeSession.open(home.settings(Map.of()), "words", Progress.NONE);
  }
}
