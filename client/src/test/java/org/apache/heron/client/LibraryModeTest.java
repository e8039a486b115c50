package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SchedulerResume;
import org.apache.heron.client.runtime.SchedulerStandby;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyQuestions;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.client.runtime.TopologyUpdate;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.PackingPlans.ContainerPlan;
import org.apache.heron.proto.system.PackingPlans.InstancePlan;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heron.scheduler.is.service: False}: every command schedules in its own process. */
class LibraryModeTest {
  @TempDir Path directory;
  private TestHome home;
  private FakeCluster cluster;
  private final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void prepare() throws IOException {
    home = new TestHome(directory);
    cluster = FakeCluster.empty();
  }

  @Test
  void aSubmittedTopologyRunsWithoutASchedulerProcessAndAKillLeavesNothing() throws Exception {
    SubmitResult result = submitWithPlan();

    assertThat(result.links()).containsExactly("http://cluster/jobs/words");
    assertThat(progress.lines()).contains("info Job page: http://cluster/jobs/words");
    assertThat(cluster.ids()).containsExactly(0, 1);
    assertThat(cluster.calls()).hasSize(1);
    assertThat(cluster.calls().get(0)).startsWith("schedule file:");
    try (RuntimeSession session = session()) {
      SchedulerLocation location =
          session.state().get(StateKind.SCHEDULER_LOCATION, "words").orElseThrow();
      assertThat(location.getHttpEndpoint()).isEqualTo("scheduler_as_lib_no_endpoint");
      assertThat(location.getJobPageLinkList()).containsExactly("http://cluster/jobs/words");
      new TopologyKill(session).run();
      assertThat(cluster.ids()).isEmpty();
      assertThat(home.stateFiles()).isEmpty();
      assertThatThrownBy(() -> new TopologyKill(session).run())
          .hasMessage("Topology 'words' does not exist");
    }
    assertThat(home.packages()).doesNotExist();
  }

  @Test
  void whatTheClusterRefusesLeavesNothing() throws Exception {
    cluster.failsWith("no Nomad server answers at http://127.0.0.1:1");
    assertThatThrownBy(() -> submit(Map.of()))
        .isInstanceOf(SchedulerException.class)
        .hasMessage("no Nomad server answers at http://127.0.0.1:1");
    assertThat(home.stateFiles()).isEmpty();
    assertThat(home.packages()).doesNotExist();
    // Nothing was launched: nothing is to be killed.
    assertThat(cluster.calls()).hasSize(1);
    assertThat(progress.lines()).noneMatch(line -> line.startsWith("warn"));
  }

  @Test
  void containersThatDoNotComeToRunAreTakenBackWithTheirReason() throws Exception {
    cluster.newContainersAre("BACKING_OFF");
    assertThatThrownBy(() -> submit(Map.of()))
        .hasMessage(
            "Topology 'words' does not start: container 0 failed 5 times: the image is missing");
    assertThat(cluster.ids()).isEmpty();
    assertThat(cluster.calls()).endsWith("kill");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aSubmitThatWaitsTooLongSaysForWhat() {
    cluster.newContainersAre("WAITING");
    assertThatThrownBy(() -> submit(Map.of("heron.submit.timeout.seconds", 1)))
        .hasMessageContaining("containers 0, 1 are WAITING: the image is missing");
    assertThat(cluster.ids()).isEmpty();
  }

  @Test
  void aKillThatIsRefusedCanBeRepeated() throws Exception {
    submitWithPlan();
    cluster.refuses("container 1 does not end");
    try (RuntimeSession session = session()) {
      assertThatThrownBy(() -> new TopologyKill(session).run())
          .hasMessage(
              "Failed to kill topology 'words' with scheduler, please re-try the kill command"
                  + " later: container 1 does not end");
      assertThat(home.stateFiles()).contains("topologies/words", "schedulers/words");
      cluster.failsWith("no server answers");
      assertThatThrownBy(() -> new TopologyKill(session).run())
          .hasMessageEndingWith(": no server answers");
      cluster.recovers();
      new TopologyKill(session).run();
    }
    assertThat(cluster.ids()).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aSubmitThatWasCutOffBeforeItWasPublishedIsKilledAllTheSame() throws Exception {
    submitWithPlan();
    try (RuntimeSession session = session()) {
      session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
      new TopologyKill(session).run();
    }
    assertThat(cluster.ids()).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void restartsAndQuestionsAreAnsweredInTheCommandsProcess() throws Exception {
    submitWithPlan();
    try (RuntimeSession session = session()) {
      new TopologyRestart(session).run(1, 0);
      new TopologyRestart(session).run(-1, 2);
      assertThat(cluster.calls()).contains("restart 1 0", "restart -1 2");
      cluster.refuses("it is being changed");
      assertThatThrownBy(() -> new TopologyRestart(session).run(1, 0))
          .hasMessage("Failed to restart topology 'words': it is being changed");
      cluster.recovers();
      assertThat(new TopologyQuestions(session).explain(Optional.empty()).topology())
          .isEqualTo("words");
      assertThatThrownBy(() -> new TopologyQuestions(session).history(Optional.empty()))
          .hasMessageStartingWith("Nothing is on record of topology 'words'");
      cluster.failsWith("no server answers");
      assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.empty()))
          .isInstanceOf(SchedulerException.class)
          .hasMessage("no server answers");
      assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 0))
          .hasMessage("Failed to restart topology 'words': no server answers");
    }
  }

  @Test
  void anUpdateIsCarriedOutInTheCommandsProcess() throws Exception {
    submitWithPlan();
    try (RuntimeSession session = session();
        Manager manager = new Manager(session.state())) {
      new TopologyUpdate(session).run(parallelism("count:8"));
      assertThat(cluster.ids()).containsExactly(0, 1, 2, 3);
      assertThat(manager.plan().getContainerPlansCount()).isEqualTo(3);
      assertThat(session.state().exists(StateKind.PENDING_UPDATE, "words")).isFalse();
      assertThat(progress.lines())
          .contains(
              "info the topology has 3 containers besides container 0, and {count=8, word=2}");

      cluster.failsWith("no server answers");
      assertThatThrownBy(() -> new TopologyUpdate(session).run(parallelism("count:2")))
          .hasMessageContaining("no server answers")
          .hasMessageContaining("goes on when heron update is repeated");
      cluster.recovers();
      new TopologyUpdate(session).run(parallelism("count:2"));
      assertThat(progress.lines()).contains("warn This update was begun and cut off; it goes on");
      assertThat(session.state().exists(StateKind.PENDING_UPDATE, "words")).isFalse();
    }
  }

  @Test
  void aRestartIsNotAdvisedWhereItGivesContainersNothingMore() throws Exception {
    cluster.neverResizes();
    // As Aurora does; the packing plan gets that number.
    cluster.renumbers(3, 7);
    submitWithPlan();
    try (RuntimeSession session = session();
        Manager manager = new Manager(session.state())) {
      PackingPlan.Builder small = manager.plan().toBuilder();
      small
          .getContainerPlansBuilderList()
          .forEach(
              each ->
                  each.getRequiredResourceBuilder().setCpu(0.1).setRam(1 << 26).setDisk(1 << 26));
      session.state().put(StateKind.PACKING_PLAN, "words", small.build());
      new TopologyUpdate(session).run(parallelism("count:8"));
      assertThat(progress.lines())
          .contains(
              "info By the new plan these containers need more than they have: [1, 2, 7]. On this"
                  + " cluster all containers keep the size that their topology was submitted with,"
                  + " also when they are restarted: if that is too little, kill the topology and"
                  + " submit it anew")
          .noneMatch(line -> line.contains("heron restart"));
    }
  }

  @Test
  void thereIsNoProcessToStartAgain() throws Exception {
    submitWithPlan();
    try (RuntimeSession session = session()) {
      assertThatThrownBy(() -> new SchedulerResume(session).run())
          .hasMessageStartingWith("The topologies of this cluster have no scheduler process")
          .hasMessageContaining("heron.scheduler.is.service is false");
      assertThatThrownBy(() -> new SchedulerStandby(session).run())
          .hasMessageStartingWith("The topologies of this cluster have no scheduler process");
    }
  }

  @Test
  void anotherConfigurationThanThatOfTheSubmitIsSaid() throws Exception {
    submitWithPlan();
    Map<String, Object> service = new HashMap<>(library());
    service.put("heron.scheduler.is.service", true);
    try (RuntimeSession session = RuntimeSession.open(home.settings(service), "words", progress)) {
      assertThatThrownBy(() -> new TopologyKill(session).run())
          .hasMessageContaining("was launched without a scheduler process")
          .hasMessageContaining("heron.scheduler.is.service is true now (from --config-property)");
    }
    Map<String, Object> other = new HashMap<>(library());
    other.put("heron.class.scheduler", "org.example.None");
    try (RuntimeSession session = RuntimeSession.open(home.settings(other), "words", progress)) {
      assertThatThrownBy(() -> new TopologyKill(session).run())
          .hasMessageContaining("Failed to instantiate scheduler class 'org.example.None'");
    }
    assertThat(cluster.ids()).containsExactly(0, 1);
  }

  private static Map<String, Object> library() {
    return Map.of(
        "heron.scheduler.is.service",
        false,
        "heron.class.scheduler",
        FakeCluster.Scheduler.class.getName(),
        "heron.class.launcher",
        FakeCluster.Launcher.class.getName());
  }

  private RuntimeSession session() {
    return RuntimeSession.open(home.settings(library()), "words", progress);
  }

  /** Submits while the topology's containers find each other at once. */
  @SuppressWarnings("try") // the manager works, nobody calls it
  private SubmitResult submitWithPlan() throws Exception {
    try (RuntimeSession session = session();
        Manager manager = new Manager(session.state())) {
      return submit(Map.of()).get(0);
    }
  }

  private List<SubmitResult> submit(Map<String, Object> more) throws Exception {
    Map<String, Object> properties = new HashMap<>(library());
    properties.putAll(more);
    SubmitRequest request =
        new SubmitRequest(
            home.settings(properties),
            home.jar().toString(),
            CopyingMain.class.getName(),
            List.of(home.definition("words", 1).toString()),
            List.of(),
            "",
            false,
            Optional.empty());
    return new Submitter(TestHome.environment(), progress).submit(request);
  }

  private static UpdateRequest parallelism(String change) {
    return new UpdateRequest(List.of(change), Optional.empty(), List.of(), Optional.empty());
  }

  /** A topology manager whose containers follow every packing plan at once. */
  private static final class Manager implements AutoCloseable {
    private final IStateManager state;
    private final HttpServer server;
    private final IStateManager.Watch watch;
    private volatile TopologyState spouts = TopologyState.RUNNING;

    Manager(IStateManager state) throws IOException {
      this.state = state;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean activate = exchange.getRequestURI().getPath().equals("/activate");
            spouts = activate ? TopologyState.RUNNING : TopologyState.PAUSED;
            publish(state.get(StateKind.PACKING_PLAN, "words"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      watch = state.watch(StateKind.PACKING_PLAN, "words", this::publish);
    }

    PackingPlan plan() {
      return state.get(StateKind.PACKING_PLAN, "words").orElseThrow();
    }

    private synchronized void publish(Optional<PackingPlan> packing) {
      Optional<Topology> topology = state.get(StateKind.TOPOLOGY, "words");
      if (packing.isEmpty() || topology.isEmpty()) {
        return;
      }
      PhysicalPlan.Builder physical =
          PhysicalPlan.newBuilder().setTopology(topology.get().toBuilder().setState(spouts));
      for (ContainerPlan container : packing.get().getContainerPlansList()) {
        String stmgr = "stmgr-" + container.getId();
        physical.addStmgrs(
            StMgr.newBuilder()
                .setId(stmgr)
                .setHostName("h")
                .setDataPort(1)
                .setLocalEndpoint("/unused"));
        for (InstancePlan instance : container.getInstancePlansList()) {
          physical.addInstances(
              Instance.newBuilder()
                  .setInstanceId(stmgr + instance.getTaskId())
                  .setStmgrId(stmgr)
                  .setInfo(
                      InstanceInfo.newBuilder()
                          .setTaskId(instance.getTaskId())
                          .setComponentIndex(instance.getComponentIndex())
                          .setComponentName(instance.getComponentName())));
        }
      }
      state.put(StateKind.PHYSICAL_PLAN, "words", physical.build());
      state.put(
          StateKind.TMANAGER_LOCATION,
          "words",
          TManagerLocation.newBuilder()
              .setTopologyName("words")
              .setTopologyId(topology.get().getId())
              .setHost("127.0.0.1")
              .setControllerPort(server.getAddress().getPort())
              .setServerPort(1)
              .build());
    }

    @Override
    public void close() {
      watch.close();
      server.stop(0);
    }
  }
}
