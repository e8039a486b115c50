package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged core in real sandboxes, run by its real script as real processes. */
@Tag("packaged")
class HeronCoreIT {
  private static final Path CORE = Path.of("target/heron-core.tar.gz").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Of a JVM that ended of SIGTERM, after its shutdown hooks. */
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path directory;
  private EmbeddedZooKeeper zooKeeper;
  private IStateManager state;
  private CoreSandbox manager;
  private CoreSandbox first;
  private CoreSandbox second;
  private CoreSandbox third;

  @BeforeEach
  void startTheContainersOfATopology() throws Exception {
    zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0);
    state = new CuratorStateManager();
    state.initialize(
        Config.of(
            Map.of(
                Key.STATEMGR_CONNECTION_STRING.text(),
                zooKeeper.connectString(),
                Key.STATEMGR_ROOT_PATH.text(),
                "/heron")));
    byte[] definition = CountingTopology.definition();
    state.create(StateKind.TOPOLOGY, CountingTopology.NAME, Topology.parseFrom(definition));
    state.create(StateKind.PACKING_PLAN, CountingTopology.NAME, packing("numbers", "sums"));
    manager = sandbox(0, definition);
    first = sandbox(1, definition);
    second = sandbox(2, definition);
    manager.start();
    first.start();
    second.start();
  }

  @AfterEach
  void endEverything() throws Exception {
    for (CoreSandbox sandbox : new CoreSandbox[] {third, second, first, manager}) {
      if (sandbox != null) {
        sandbox.close();
      }
    }
    state.close();
    zooKeeper.close();
  }

  @Test
  void aTopologyRunsIsControlledAndOutlivesItsContainers() throws Exception {
    awaitTuples("numbers", first, 0);
    awaitTuples("sums", second, 0);
    assertThat(manager.ownMebibytes()).as("memory of container 0").isLessThan(100);
    assertThat(first.ownMebibytes()).as("memory of a container").isLessThan(200);
    assertThatTheSandboxIsAsUpstreamLeavesIt();
    assertThatItGrowsAndShrinks();
    assertThatAnInstanceCanBeRestarted();

    assertThat(manager.control("/deactivate").body())
        .isEqualTo("Topology successfully deactivated");
    assertThat(plan().orElseThrow().getTopology().getState()).isEqualTo(TopologyState.PAUSED);

    // Killed the hard way, on new ports: it rejoins, and the topology is still paused.
    manager.process().destroyForcibly().waitFor();
    manager.start();
    awaitControl("/activate", "Topology successfully activated");
    long before = count(second, "sums");
    awaitTuples("sums", second, before + 100);

    second.process().destroyForcibly().waitFor();
    second.start();
    await()
        .atMost(PATIENCE)
        .until(() -> plan().filter(p -> hasPort(p, second.port(ExecutorPort.SERVER))).isPresent());
    awaitTuples("sums", second, 100);

    for (CoreSandbox sandbox : new CoreSandbox[] {second, first, manager}) {
      sandbox.process().destroy();
      assertThat(sandbox.process().waitFor(60, TimeUnit.SECONDS))
          .as("an orderly stop\n%s", sandbox.logs())
          .isTrue();
      assertThat(sandbox.process().exitValue()).as(sandbox.logs()).isEqualTo(TERMINATED);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> !state.exists(StateKind.TMANAGER_LOCATION, CountingTopology.NAME));
  }

  private void assertThatTheSandboxIsAsUpstreamLeavesIt() throws Exception {
    assertThat(first.directory().resolve("heron-executor-1.pid"))
        .hasContent(Long.toString(first.process().pid()));
    assertThat(first.shell("/pid/heron-executor-1").body())
        .contains(Long.toString(first.process().pid()));
    String pid = Long.toString(first.process().pid());
    assertThat(first.shell("/pid/container_1_numbers_1").body()).contains('"' + pid + '"');
    assertThat(first.shell("/jstack/" + pid).body()).contains("container_1_numbers_1");
    assertThat(first.shell("/health").body()).isEqualTo("ok");
    assertThat(Files.readString(first.directory().resolve("heron-executor-1.stdout")))
        .contains("container 1 of " + CountingTopology.ID);
    assertThat(first.directory().resolve("log-files")).isDirectory();
    assertThat(manager.directory().resolve("log-files/heron-tmanager-counting-0001.log.0"))
        .content()
        .contains("physical plan");
  }

  private void assertThatItGrowsAndShrinks() throws Exception {
    third = sandbox(3, CountingTopology.definition());
    third.start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> third.shell("/health").body().equals("ok"));
    assertThat(third.shell("/counters").body()).contains("\"WAITING\"");

    state.put(StateKind.PACKING_PLAN, CountingTopology.NAME, packing("numbers", "sums", "sums"));

    awaitTuples("sums", third, 0);
    assertThat(plan().orElseThrow().getStmgrsCount()).isEqualTo(3);
    long numbers = count(first, "numbers");
    state.put(StateKind.PACKING_PLAN, CountingTopology.NAME, packing("numbers", "sums"));
    await().atMost(PATIENCE).until(() -> plan().orElseThrow().getStmgrsCount() == 2);
    await()
        .atMost(PATIENCE)
        .until(() -> third.shell("/counters").body().contains("\"instances\":[]"));
    assertThat(third.shell("/health").body())
        .as("the scheduler ends it, not it itself")
        .isEqualTo("ok");
    awaitTuples("numbers", first, numbers + 100);
    assertThat(first.shell("/counters").body())
        .as("the spout knows nothing of all this")
        .contains("\"starts\":1");
  }

  private void assertThatAnInstanceCanBeRestarted() throws Exception {
    assertThat(first.killInstance("container_1_numbers_1").statusCode()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> first.shell("/counters").body().contains("\"starts\":2"));
    assertThat(first.killInstance("container_1_nobody_7").statusCode()).isEqualTo(422);
    assertThat(first.directory().resolve("log-files/container_1_numbers_1.log.0"))
        .as("what user code prints is in the instance's log")
        .content()
        .contains("numbers are opened");
    assertThat(second.directory().resolve("log-files/container_2_sums_2.log.0"))
        .content()
        .contains("sums are prepared");
  }

  private void awaitControl(String path, String text) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(manager.control(path).body()).isEqualTo(text));
  }

  private static void awaitTuples(String component, CoreSandbox sandbox, long more) {
    await(component)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(count(sandbox, component))
                    .as(() -> component + "\n" + sandbox.logs())
                    .isGreaterThan(more));
  }

  /** Tuples that a component's instance has emitted or executed. */
  private static long count(CoreSandbox sandbox, String component) throws Exception {
    HttpResponse<String> counters = sandbox.shell("/counters");
    for (JsonNode instance : new JsonMapper().readTree(counters.body()).get("instances")) {
      if (instance.get("component").asText().equals(component)) {
        long total = 0;
        for (JsonNode stream : instance.get("emitted")) {
          total += stream.asLong();
        }
        for (JsonNode stream : instance.get("executed")) {
          total += stream.asLong();
        }
        return total;
      }
    }
    return 0;
  }

  private Optional<PhysicalPlan> plan() {
    return state.get(StateKind.PHYSICAL_PLAN, CountingTopology.NAME);
  }

  private static boolean hasPort(PhysicalPlan plan, int port) {
    return plan.getStmgrsList().stream().anyMatch(stmgr -> stmgr.getDataPort() == port);
  }

  private CoreSandbox sandbox(int container, byte[] definition) throws Exception {
    return new CoreSandbox(
        directory.resolve("container-" + container),
        CORE,
        container,
        zooKeeper.connectString(),
        definition);
  }

  /** One container for each of these. */
  private static PackingPlan packing(String... components) {
    PackingPlans.Resource resource =
        PackingPlans.Resource.newBuilder().setRam(64 << 20).setCpu(0.5).setDisk(1).build();
    PackingPlan.Builder plan = PackingPlan.newBuilder().setId(CountingTopology.ID);
    for (int i = 0; i < components.length; i++) {
      plan.addContainerPlans(
          PackingPlans.ContainerPlan.newBuilder()
              .setId(i + 1)
              .setRequiredResource(resource)
              .addInstancePlans(
                  PackingPlans.InstancePlan.newBuilder()
                      .setComponentName(components[i])
                      .setTaskId(i + 1)
                      .setComponentIndex(Math.max(0, i - 1))
                      .setResource(resource)));
    }
    return plan.build();
  }
}
