package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.runtime.TopologyActivation;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.client.runtime.TopologyUpdate;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.update.Updates.PendingUpdate;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that replace containers of a topology, or its plan. */
class RestartAndUpdateTest extends RuntimeStory {

  @Test
  void restartingContainerZeroForgetsTheTopologyManager() throws Exception {
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    new TopologyRestart(session).run(1, 0);
    // Of all, container 0 comes last, and the others need its topology manager until then.
    new TopologyRestart(session).run(-1, 2);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isTrue();
    new TopologyRestart(session).run(0, 0);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isFalse();
    assertThat(scheduler.requests())
        .containsExactly("/restart 1", "/restart?parallel=2 -1", "/restart 0");
  }

  // The topology manager runs on then, and would not write its location again.
  @Test
  void aRestartThatNoSchedulerCarriesOutLeavesTheTopologyManagerToBeFound() {
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    scheduler.say(FakeScheduler.status("FAILED", "Mesos refuses this framework"));
    scheduler.refuse("Mesos refuses this framework");
    assertThatThrownBy(() -> new TopologyRestart(session).run(0, 0))
        .hasMessageEndingWith("Mesos refuses this framework");
    session
        .state()
        .put(
            StateKind.SCHEDULER_LOCATION,
            "words",
            SchedulerLocation.newBuilder()
                .setTopologyName("words")
                .setHttpEndpoint("127.0.0.1:1")
                .build());
    assertThatThrownBy(() -> new TopologyRestart(session).run(0, 0))
        .hasMessageStartingWith("No scheduler runs for topology 'words'");
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isTrue();
  }

  @Test
  void restartingWhatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new TopologyRestart(session).run(7, 0))
        .hasMessage("Topology 'words' has no container 7; it has [0, 1]");
    assertThatThrownBy(() -> new TopologyRestart(session).run(-2, 0))
        .hasMessageContaining("has no container -2; it has ");
    scheduler.refuse("it is being killed");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1, 0))
        .hasMessage("Failed to restart topology 'words': it is being killed");
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1, 0))
        .hasMessage(
            "No scheduler runs for topology 'words'; start it again with: heron scheduler resume"
                + " test/ada/devel words");
  }

  @Test
  void anUpdateIsRepackedAndSent() throws Exception {
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(scheduler.requests()).containsExactly("/update");
    scheduler.refuse("update is not supported yet");
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("count:4", Optional.empty())))
        .hasMessageStartingWith("Failed to update topology with Scheduler, ")
        .hasMessageEndingWith(": update is not supported yet");
  }

  @Test
  void anUpdateThatWasCarriedOutIsDoneAlsoIfItsAnswerIsLost() throws Exception {
    scheduler.onUpdate(
        request ->
            session.state().put(StateKind.PACKING_PLAN, "words", request.getProposedPackingPlan()));
    scheduler.failCommands(0);
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(scheduler.updates()).hasSize(1);
    scheduler.onUpdate(request -> {});
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("count:6", Optional.empty())))
        .hasMessageContaining("no answer from the scheduler at " + scheduler.endpoint());
  }

  @Test
  void whoNeedsMoreByTheNewPlanIsNamedWithTheWayToGiveIt() throws Exception {
    PackingPlan now =
        PackingPlanProtos.fromProto(session.state().get(StateKind.PACKING_PLAN, "words").get());
    Resource little = new Resource(0.1, ByteAmount.ofMegabytes(64), ByteAmount.ofMegabytes(64));
    PackingPlan small =
        new PackingPlan(
            now.id(),
            now.containers().stream()
                .map(each -> new ContainerPlan(each.id(), each.instances(), little))
                .toList());
    session.state().put(StateKind.PACKING_PLAN, "words", PackingPlanProtos.toProto(small));
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(progress.lines())
        .contains(
            "info By the new plan these containers need more than they have: [1]. They get it when"
                + " they are restarted, for example by: heron restart test/ada/devel words 1");
  }

  @Test
  void anUpdateThatIsNoneOrUnknownIsRefused() {
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("count:2", Optional.empty())))
        .hasMessage(
            "The component parallelism request (count:2) is the same as the current topology"
                + " parallelism. Not taking action.");
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("sink:2", Optional.empty())))
        .hasMessageStartingWith("Invalid component name in update request: sink");
    assertThatThrownBy(() -> parallelism("count:0x", Optional.empty()))
        .hasMessageContaining("expected component:number");
    assertThatThrownBy(
            () ->
                new UpdateRequest(
                    List.of("a:1"), Optional.empty(), List.of("a:b"), Optional.empty()))
        .hasMessageContaining("can't be updated at the same time");
    assertThatThrownBy(
            () -> new UpdateRequest(List.of(), Optional.empty(), List.of(), Optional.empty()))
        .hasMessageStartingWith("Missing arguments");
  }

  @Test
  void aDryRunOfAnUpdateShowsBothPlans() throws Exception {
    String text =
        new TopologyUpdate(session)
            .run(parallelism("count:8", Optional.of(DryRunFormat.TABLE)))
            .orElseThrow();
    assertThat(text)
        .startsWith("Total number of containers: 3\n")
        .contains("Container 1 MODIFIED", "Container 3 NEW");
    assertThat(scheduler.requests()).isEmpty();
  }

  private CompletableFuture<Void> restartAll() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            new TopologyRestart(session).run(-1, 1);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aRestartTellsHowFarItIs() throws Exception {
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "RUNNING", "a"),
            FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.holdCommands();
    CompletableFuture<Void> restart = restartAll();
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 0 of 2 restarted"));
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "RUNNING", "a"),
            FakeScheduler.task(1, "RUNNING", "b")));
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 1 of 2 restarted"));
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "STAGING", "b"),
            FakeScheduler.task(1, "RUNNING", "b")));
    await()
        .atMost(PATIENCE)
        .until(() -> progress.lines().contains("stage 1 of 2 restarted; container 0 is STAGING"));
    scheduler.goOn();
    restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aRestartIsFollowedWhenAnotherSchedulerTakesOver() throws Exception {
    scheduler.say(FakeScheduler.status("RUNNING", "", FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.holdCommands();
    CompletableFuture<Void> restart = restartAll();
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 0 of 1 restarted"));
    try (FakeScheduler successor = new FakeScheduler()) {
      successor.say(FakeScheduler.status("RUNNING", "", FakeScheduler.task(1, "RUNNING", "b")));
      scheduler.close();
      publish(successor.endpoint());
      scheduler.goOn();
      restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  @Timeout(60)
  void aRestartThatIsAnsweredWithAnErrorIsNotWatchedForEver() throws Exception {
    scheduler.say(FakeScheduler.status("RUNNING", "", FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.failCommands(500);
    assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 1))
        .hasMessageStartingWith(
            "Failed to restart topology 'words': scheduler at "
                + scheduler.endpoint()
                + " answers 500");
  }

  @Test
  void aRestartOfUnknownTasksWhoseAnswerIsLostIsNoSuccess() throws Exception {
    scheduler.say(FakeScheduler.status("RUNNING", ""));
    scheduler.failCommands(0);
    assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 1))
        .hasMessageStartingWith(
            "Failed to restart topology 'words': no answer from the scheduler at "
                + scheduler.endpoint());
  }

  /** As an update leaves it that has stopped the spouts. */
  private PackingPlans.PackingPlan begun() {
    PackingPlan current =
        PackingPlanProtos.fromProto(
            session.state().get(StateKind.PACKING_PLAN, "words").orElseThrow());
    PackingPlans.PackingPlan unfinished = PackingPlanProtos.toProto(doubled(current));
    session
        .state()
        .put(
            StateKind.PENDING_UPDATE,
            "words",
            PendingUpdate.newBuilder()
                .setFormat(1)
                .setTopologyId(current.id())
                .setProposed(unfinished)
                .setReplacedDigest(ByteString.EMPTY)
                .setReactivate(true)
                .setStartedMillis(1)
                .build());
    return unfinished;
  }

  @Test
  void whoDeactivatesDuringAnUpdateIsNotOverruledAtItsEnd() {
    begun();
    session
        .state()
        .put(
            StateKind.PHYSICAL_PLAN,
            "words",
            PhysicalPlan.newBuilder()
                .setTopology(
                    session.state().get(StateKind.TOPOLOGY, "words").orElseThrow().toBuilder()
                        .setState(TopologyState.PAUSED))
                .build());
    new TopologyActivation(session).deactivate();
    assertThat(session.state().get(StateKind.PENDING_UPDATE, "words").orElseThrow().getReactivate())
        .isFalse();
    assertThat(progress.lines())
        .contains("info An update is under way; it will not activate the topology again");
  }

  @Test
  void anUpdateThatWasCutOffGoesOnWhenItIsRepeated() throws Exception {
    PackingPlans.PackingPlan unfinished = begun();
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(progress.lines()).contains("warn This update was begun and cut off; it goes on");
    assertThat(scheduler.updates()).hasSize(1);
    assertThat(scheduler.updates().get(0).getProposedPackingPlan()).isEqualTo(unfinished);

    new TopologyUpdate(session).run(parallelism("count:6", Optional.empty()));
    assertThat(progress.lines())
        .contains(
            "warn Another update was begun and cut off; it is finished, or taken back, first");
    assertThat(scheduler.updates()).hasSize(3);
    assertThat(scheduler.updates().get(1).getProposedPackingPlan()).isEqualTo(unfinished);
  }

  private static PackingPlan doubled(PackingPlan plan) {
    List<ContainerPlan> containers =
        plan.containers().stream()
            .map(
                container -> {
                  List<InstancePlan> instances = new ArrayList<>(container.instances());
                  container.instances().stream()
                      .filter(instance -> instance.componentName().equals("count"))
                      .forEach(
                          instance ->
                              instances.add(
                                  new InstancePlan(
                                      "count",
                                      instance.taskId() + 100,
                                      instance.componentIndex() + 100,
                                      instance.resource())));
                  return new ContainerPlan(container.id(), instances, container.required());
                })
            .toList();
    return new PackingPlan(plan.id(), containers);
  }

  private static UpdateRequest parallelism(String change, Optional<DryRunFormat> dryRun) {
    return new UpdateRequest(List.of(change), Optional.empty(), List.of(), dryRun);
  }
}
