package org.apache.heron.client;

import static org.apache.heron.client.FakeScheduler.container;
import static org.apache.heron.client.FakeScheduler.status;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.uploader.IUploader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Submit and kill against real files, a real main in its own JVM, and a scheduler that is faked.
 */
class SubmitterTest {
  @TempDir Path directory;
  private TestHome home;
  private FakeScheduler scheduler;
  private final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void prepare() throws IOException {
    home = new TestHome(directory);
    scheduler = new FakeScheduler();
    FakeLauncher.use(scheduler);
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  @Test
  void aSubmittedTopologyIsOnRecordAndAKillLeavesNothing() throws Exception {
    List<SubmitResult> results = submit(Map.of(), home.definition("words", 1).toString(), "say");

    assertThat(results).hasSize(1);
    assertThat(results.get(0).topologyId()).isEqualTo("words-0001");
    assertThat(results.get(0).containers()).isEqualTo(2);
    assertThat(results.get(0).links()).containsExactly("http://master/frameworks/f");
    assertThat(progress.lines()).contains("info Scheduler's log: /var/heron/words/scheduler.log");
    assertThat(home.stateFiles())
        .containsExactly(
            "executionstate/words",
            "packingplans/words",
            "pplans/words",
            "schedulers/words",
            "topologies/words");
    assertThat(home.packages().resolve("words-ada-tag-0.tar.gz")).exists();
    assertThat(FakeLauncher.calls()).containsExactly("launch words file");
    assertThat(progress.lines()).contains("out said, with property hello");
    try (RuntimeSession session = session("words")) {
      var stored = session.state().get(StateKind.TOPOLOGY, "words").orElseThrow();
      assertThat(stored.getSpouts(0).getComp().hasSerializedObject()).isFalse();
      var execution = session.state().get(StateKind.EXECUTION_STATE, "words").orElseThrow();
      assertThat(execution.getReleaseState().getReleaseVersion()).isEqualTo("1.2.3");
      new TopologyKill(session).run();
    }
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.packages()).doesNotExist();
    assertThat(FakeLauncher.calls()).endsWith("cleanUp");
    assertThat(scheduler.requests()).containsExactly("/kill");
  }

  /** What whoever submits types answers the command's questions, not those of the main. */
  @Test
  @Timeout(120)
  void theMainFindsNothingOnItsStandardInput() throws Exception {
    submit(Map.of(), home.definition("words", 1).toString(), "read");
    assertThat(progress.lines()).contains("out read -1");
  }

  /** Keeps a package under an address that only it knows. */
  public static final class Warehouse implements IUploader {
    private static volatile Optional<String> kept = Optional.empty();
    private Config config = Config.of(Map.of());

    @Override
    public void initialize(Config config) {
      this.config = config;
    }

    @Override
    public URI uploadPackage() {
      kept = Optional.of("http://warehouse/42");
      return URI.create(kept.get());
    }

    @Override
    public boolean undo() {
      return false;
    }

    @Override
    public boolean deletesByUri() {
      return true;
    }

    @Override
    public void delete() {
      if (config.optionalString("heron.package.topology.uri").equals(kept)) {
        kept = Optional.empty();
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void aPackageWhoseAddressIsTheStoresIsRemovedByAKill() throws Exception {
    Map<String, Object> store = Map.of("heron.class.uploader", Warehouse.class.getName());
    submit(store, home.definition("words", 1).toString());
    assertThat(Warehouse.kept).contains("http://warehouse/42");
    try (RuntimeSession session = RuntimeSession.open(home.settings(store), "words", progress)) {
      new TopologyKill(session).run();
    }
    assertThat(Warehouse.kept).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void severalTopologiesOfOneMainAreAllSubmitted() throws Exception {
    // It speaks for both.
    scheduler.say(FakeScheduler.statusOf("", "", "RUNNING", "", container(0, "RUNNING", 1, "")));
    List<SubmitResult> results =
        submit(
            Map.of(),
            home.definition("words", 1).toString(),
            home.definition("birds", 1).toString());
    assertThat(results).extracting(SubmitResult::topology).containsExactly("birds", "words");
  }

  @Test
  void aPromiseThatIsNotKeptIsSaidOnce() throws Exception {
    Path file = home.definition("words", 1);
    Topology.Builder topology = Topology.parseFrom(Files.readAllBytes(file)).toBuilder();
    topology
        .getTopologyConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.reliability.mode")
        .setValue("EFFECTIVELY_ONCE");
    Files.write(file, topology.build().toByteArray());

    submitter().submit(request(Map.of(), Optional.of(DryRunFormat.TABLE), file.toString()));

    assertThat(progress.lines())
        .filteredOn(line -> line.contains("EFFECTIVELY_ONCE"))
        .singleElement()
        .asString()
        .startsWith("warn ")
        .contains("no checkpoints");
  }

  @Test
  void aDryRunTouchesNothing() throws Exception {
    SubmitRequest request =
        request(Map.of(), Optional.of(DryRunFormat.TABLE), home.definition("words", 2).toString());
    List<SubmitResult> results = submitter().submit(request);
    assertThat(results.get(0).dryRun().orElseThrow())
        .startsWith("Total number of containers: 2\nUsing packing class: org.apache.heron");
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.state()).doesNotExist();
    assertThat(home.packages()).doesNotExist();
  }

  @Test
  void aSecondTopologyOfTheNameIsRefusedAndTheFirstKeepsItsPackage() throws Exception {
    submit(Map.of(), home.definition("words", 1).toString());
    Path stored = home.packages().resolve("words-ada-tag-0.tar.gz");
    byte[] before = Files.readAllBytes(stored);
    assertThatThrownBy(() -> submit(Map.of(), home.definition("words", 2).toString()))
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith(
            "Topology 'words' already exists at test/ada/devel, submitted by ada at ");
    assertThat(stored).hasBinaryContent(before);
    assertThat(home.stateFiles()).hasSize(5);
  }

  @Test
  void aNameThatSomebodyElseIsSubmittingJustNowIsRefused() throws Exception {
    AtomicReference<Throwable> loser = new AtomicReference<>();
    RecordingProgress winning =
        new RecordingProgress() {
          @Override
          public void stage(String text) {
            super.stage(text);
            if (text.equals("writing shared state")) {
              loser.set(
                  catchThrowable(() -> submit(Map.of(), home.definition("words", 2).toString())));
            }
          }
        };
    new Submitter(TestHome.environment(), winning)
        .submit(request(Map.of(), Optional.empty(), home.definition("words", 1).toString()));
    assertThat(loser.get())
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith("Topology 'words' is being submitted by someone else just now");
    assertThat(home.stateFiles()).hasSize(5);
  }

  @Test
  void aPlanAsksTheClusterAndLeavesNothing() throws Exception {
    List<Explanation> plans =
        submitter()
            .plan(request(Map.of(), Optional.empty(), home.definition("words", 2).toString()));
    assertThat(plans).extracting(Explanation::topology).containsExactly("words");
    assertThat(FakeLauncher.calls()).containsExactly("survey words");
    assertThat(home.state()).doesNotExist();
    assertThat(home.packages()).doesNotExist();
  }

  /** Two submits at once meet at the name, not at the package, which is named for the topology. */
  @Test
  void aSubmitThatLosesTheNameHasNotTouchedThePackageOfTheOther() throws Exception {
    RecordingProgress racing =
        new RecordingProgress() {
          @Override
          public void stage(String text) {
            super.stage(text);
            // By now the name was found to be free.
            if (text.equals("building the topology package")) {
              try (RuntimeSession rival = session("words")) {
                rival.state().create(StateKind.TOPOLOGY, "words", TestTopologies.words("words", 3));
              }
            }
          }
        };
    SubmitRequest request = request(Map.of(), Optional.empty(), home.definition("words", 1) + "");
    assertThatThrownBy(() -> new Submitter(TestHome.environment(), racing).submit(request))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("another submit of that name was faster");
    assertThat(racing.lines()).noneMatch(line -> line.startsWith("stage uploading"));
    assertThat(home.stateFiles()).containsExactly("topologies/words");
  }

  @Test
  void aLaunchThatFailsIsTakenBack() throws Exception {
    FakeLauncher.breakLaunches();
    assertThatThrownBy(() -> submit(Map.of(), home.definition("words", 1).toString()))
        .hasMessage("no Mesos master at 127.0.0.1:1");
    assertNothingIsLeft();
  }

  @Test
  void aTopologyThatGetsNoContainersInTimeIsTakenBack() throws Exception {
    scheduler.say(
        status(
            "RUNNING",
            "",
            container(0, "RUNNING", 1, ""),
            container(1, "WAITING", 0, "no agent offers 64 cpus")));
    Path definition = home.definition("words", 1);
    assertThatThrownBy(
            () -> submit(Map.of("heron.mesos.submit.timeout.seconds", "1"), definition.toString()))
        .hasMessageContaining("1 of 2 containers running; container 1 is WAITING: no agent offers");
    assertNothingIsLeft();
    assertThat(scheduler.requests()).containsExactly("/kill");
  }

  @Test
  void aWaitingTopologyIsLeftIfTheUserWantsThat() throws Exception {
    scheduler.say(status("RUNNING", "", container(0, "WAITING", 0, "busy")));
    submit(
        Map.of("heron.mesos.submit.timeout.seconds", "1", "heron.mesos.submit.keep.waiting", true),
        home.definition("words", 1).toString());
    assertThat(home.stateFiles()).hasSize(5);
    assertThat(String.join("\n", progress.lines()))
        .contains("0 of 1 containers running; container 0 is WAITING: busy; it goes on waiting");
  }

  @Test
  void aKillThatIsFasterThanTheNextLookIsStillSaidToBeOne() throws Exception {
    scheduler.say(status("RUNNING", "", container(0, "WAITING", 0, "")));
    String definition = home.definition("words", 1).toString();
    CompletableFuture<Throwable> submitted =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> submit(Map.of(), definition)));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                progress.lines().stream()
                    .anyMatch(line -> line.startsWith("stage waiting for offers")));
    try (RuntimeSession session = session("words")) {
      session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
      session.state().delete(StateKind.TOPOLOGY, "words");
    }
    assertThat(submitted.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ClientException.class)
        .hasMessage("Topology 'words' does not start: it was killed while it was being launched");
  }

  @Test
  void aPlanThatCannotBeMadeIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path definition = home.definition("words", 9);
    assertThatThrownBy(() -> submit(Map.of(), definition.toString()))
        .isInstanceOf(PackingException.class)
        .hasMessage("More containers (9) allocated than instances (4).");
    assertNothingIsLeft();
  }

  @Test
  void aMainThatThrowsIsShownAndTold() throws Exception {
    assertThatThrownBy(() -> submit(Map.of(), "throw"))
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith("Failed to create topology definition file when executing class")
        .hasMessageEndingWith("(exit code 1): java.lang.IllegalStateException: the main is broken");
    assertThat(String.join("\n", progress.lines())).contains("the main is broken");
    assertNothingIsLeft();
  }

  @Test
  void aMainThatSubmitsNothingIsTold() {
    assertThatThrownBy(() -> submit(Map.of(), "say"))
        .hasMessageStartingWith("No topologies found under ");
  }

  @Test
  void aDefinitionThatIsBrokenIsTold() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.defn"), "nothing");
    assertThatThrownBy(() -> submit(Map.of(), broken.toString()))
        .hasMessageStartingWith("Cannot load topology definition '");
  }

  @Test
  void aCutOffSubmitIsRecognisedAndAKillRemovesIt() throws Exception {
    try (RuntimeSession session = session("words")) {
      session.state().create(StateKind.TOPOLOGY, "words", TestTopologies.words("words", 1));
    }
    Path definition = home.definition("words", 1);
    assertThatThrownBy(() -> submit(Map.of(), definition.toString()))
        .hasMessage(
            "Topology 'words' already exists, but no scheduler runs for it: a submit was cut off,"
                + " or the scheduler has ended. Remove it with: heron kill test/ada/devel words");
    try (RuntimeSession session = session("words")) {
      new TopologyKill(session).run();
    }
    assertThat(home.stateFiles()).isEmpty();
    assertThat(submit(Map.of(), definition.toString())).hasSize(1);
  }

  /** One that was paused, or cut off, while its topology was killed. */
  @Test
  void aSchedulerThatHasOutlivedItsTopologyIsNamed() throws Exception {
    try (RuntimeSession session = session("words")) {
      session
          .state()
          .create(
              StateKind.SCHEDULER_LOCATION,
              "words",
              SchedulerLocation.newBuilder()
                  .setTopologyName("words")
                  .setHttpEndpoint("127.0.0.1:1")
                  .build());
    }
    Path definition = home.definition("words", 1);
    assertThatThrownBy(() -> submit(Map.of(), definition.toString()))
        .hasMessageContaining("a scheduler's location, 127.0.0.1:1")
        .hasMessageEndingWith("heron kill test/ada/devel words");
    try (RuntimeSession session = session("words")) {
      new TopologyKill(session).run();
    }
    assertThat(submit(Map.of(), definition.toString())).hasSize(1);
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.packages()).doesNotExist();
  }

  private RuntimeSession session(String topology) {
    return RuntimeSession.open(home.settings(Map.of()), topology, progress);
  }

  private List<SubmitResult> submit(Map<String, Object> properties, String... arguments)
      throws Exception {
    return submitter().submit(request(properties, Optional.empty(), arguments));
  }

  private Submitter submitter() {
    return new Submitter(TestHome.environment(), progress);
  }

  private SubmitRequest request(
      Map<String, Object> properties, Optional<DryRunFormat> dryRun, String... arguments)
      throws IOException {
    return new SubmitRequest(
        home.settings(properties),
        home.jar().toString(),
        CopyingMain.class.getName(),
        List.of(arguments),
        List.of("greeting=hello"),
        "",
        false,
        dryRun);
  }
}
