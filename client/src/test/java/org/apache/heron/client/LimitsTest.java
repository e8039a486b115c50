package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.limits.PlanLimits;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyUpdate;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large, or cannot be launched with, is said before anything is begun. */
class LimitsTest {
  private static final Map<String, Object> NARROW =
      Map.of("heron.class.state.manager", NarrowStateManager.class.getName());

  @TempDir private Path directory;
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
    NarrowStateManager.takes(Integer.MAX_VALUE);
    scheduler.close();
  }

  @Test
  void aPlanThatNoNodeTakesIsRefusedBeforeASubmitBeginsAndByItsDryRun() throws Exception {
    NarrowStateManager.takes(100);
    for (Optional<DryRunFormat> dryRun :
        List.of(Optional.<DryRunFormat>empty(), Optional.of(DryRunFormat.TABLE))) {
      assertThatThrownBy(() -> submit(dryRun))
          .isInstanceOf(ClientException.class)
          .hasMessageMatching(
              "The .* has [\\d,]+ bytes, and its node in shared state .* takes 100.*");
    }
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.packages()).doesNotExist();
    assertThat(FakeLauncher.calls()).isEmpty();
  }

  @Test
  void aRefusalSaysHowManyInstancesAreTooManyAndWhatToDo() {
    assertThatThrownBy(
            () -> new PlanLimits(100).require(Topology.getDefaultInstance(), plan(0, 10)))
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith("The packing plan has ")
        .hasMessageContaining("(packingplans) takes 100: 0 instances in 10 containers")
        .hasMessageContaining("use fewer")
        .hasMessageContaining("jute.maxbuffer");
  }

  @Test
  void anUpdateThatNoNodeTakesIsRefusedBeforeItBegins() throws Exception {
    submit(Optional.empty());
    try (RuntimeSession session = RuntimeSession.open(home.settings(NARROW), "words", progress)) {
      PackingPlan plan =
          PackingPlanProtos.fromProto(
              session.state().get(StateKind.PACKING_PLAN, "words").orElseThrow());
      NarrowStateManager.takes(PackingPlanProtos.toProto(plan).getSerializedSize() + 300);
      for (Optional<DryRunFormat> dryRun :
          List.of(Optional.<DryRunFormat>empty(), Optional.of(DryRunFormat.TABLE))) {
        assertThatThrownBy(() -> new TopologyUpdate(session).run(parallelism("count:90", dryRun)))
            .isInstanceOf(ClientException.class)
            .hasMessageStartingWith("The packing plan has ")
            .hasMessageContaining("92 instances");
      }
    }
    assertThat(scheduler.requests()).isEmpty();
    assertThat(progress.lines()).doesNotContain("stage updating");
  }

  @Test
  void theRecordOfAnUpdateHoldsTheContainersThatGoToo() {
    PackingPlan few = plan(0, 10);
    PackingPlan others = plan(100, 10);
    int room = PackingPlanProtos.toProto(others).getSerializedSize() + 300;
    new PlanLimits(room).require(others, others);
    assertThatThrownBy(() -> new PlanLimits(room).require(few, others))
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith("The update's record, ")
        .hasMessageContaining("(updates)");
  }

  @Test
  void aPhysicalPlanThatHardlyFitsIsSaid() {
    var definition = TestTopologies.words("words", 1);
    assertThat(new PlanLimits(Integer.MAX_VALUE).doubt(definition, plan(0, 10))).isEmpty();
    assertThat(new PlanLimits(1_000).doubt(definition, plan(0, 10)))
        .hasValueSatisfying(line -> assertThat(line).contains("physical plan").contains("1,000"));
  }

  @Test
  void moreInstancesThanCanBeCountedAreOneLine() throws Exception {
    submit(Optional.empty());
    try (RuntimeSession session = RuntimeSession.open(home.settings(Map.of()), "words", progress)) {
      assertThatThrownBy(
              () ->
                  new TopologyUpdate(session)
                      .run(parallelism("count:2147483647", Optional.empty())))
          .isInstanceOf(ClientException.class)
          .hasMessage(
              "--component-parallelism count:2147483647 asks for 2,147,483,649 instances in all; at"
                  + " most 1,000,000 are possible");
    }
    assertThatThrownBy(
            () ->
                new UpdateRequest(
                    List.of(), Optional.of(Integer.MAX_VALUE), List.of(), Optional.empty()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("2147483647");
  }

  @Test
  void aConfigurationThatCannotBeLaunchedWithIsRefusedBeforeAnythingIsUploaded() throws Exception {
    FakeLauncher.misconfigure("heron.mesos.container.image is set without a type");
    assertThatThrownBy(() -> submit(Optional.empty()))
        .hasMessage("heron.mesos.container.image is set without a type");
    assertThat(progress.lines()).noneMatch(line -> line.startsWith("stage uploading"));
    assertThat(progress.lines()).noneMatch(line -> line.startsWith("stage building"));
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.packages()).doesNotExist();
  }

  private static PackingPlan plan(int firstId, int containers) {
    return new PackingPlan(
        "words-0001",
        IntStream.range(firstId, firstId + containers)
            .mapToObj(
                id ->
                    new ContainerPlan(
                        id + 1,
                        List.of(),
                        new Resource(1, ByteAmount.ofMegabytes(512), ByteAmount.ofMegabytes(512))))
            .toList());
  }

  private static UpdateRequest parallelism(String change, Optional<DryRunFormat> dryRun) {
    return new UpdateRequest(List.of(change), Optional.empty(), List.of(), dryRun);
  }

  private void submit(Optional<DryRunFormat> dryRun) throws Exception {
    SubmitRequest request =
        new SubmitRequest(
            home.settings(NARROW),
            home.jar().toString(),
            CopyingMain.class.getName(),
            List.of(home.definition("words", 1).toString()),
            List.of(),
            "",
            false,
            dryRun);
    new Submitter(TestHome.environment(), progress).submit(request);
  }
}
