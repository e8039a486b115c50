package org.apache.heron.scheduler.nomad;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A topology of two containers besides container 0, a Nomad server, and shared state in files. */
abstract class NomadStory {
  static final String ID = "words-0001";
  static final Topology TOPOLOGY = topology("words", ID);

  /** As shipped, with the script that users get. */
  static final Path CONF = Path.of("..", "conf", "nomad").toAbsolutePath().normalize();

  @TempDir Path directory;
  final LocalFileSystemStateManager state = new LocalFileSystemStateManager();
  final PlayedTasks tasks = new PlayedTasks();
  final Map<String, Object> values = new HashMap<>();
  StandInNomad nomad;
  private final List<NomadScheduler> schedulers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    nomad = new StandInNomad(tasks).with(Node.large("a"));
    state.initialize(
        Config.of(
            Map.of(
                "heron.statemgr.connection.string",
                "LOCALMODE",
                "heron.statemgr.root.path",
                directory.resolve("state").toString())));
    values.putAll(
        Map.of(
            "heron.directory.conf", CONF.toString(),
            "heron.directory.home", directory.toString(),
            "heron.config.cluster", "nomad",
            "heron.config.role", "ada",
            "heron.config.environ", "devel",
            "heron.statemgr.connection.string", "LOCALMODE",
            "heron.statemgr.root.path", directory.resolve("state").toString(),
            "heron.package.core.uri", "file:///dist/heron-core.tar.gz",
            "heron.nomad.scheduler.uri", nomad.uri(),
            "heron.nomad.driver", "raw_exec"));
    values.put("heron.topology.binary.file", "words.jar");
    values.put("heron.topology.package.type", "jar");
    values.put("heron.topology.definition.file", "words.defn");
    values.put("heron.class.state.manager", LocalFileSystemStateManager.class.getName());
    values.put("heron.nomad.leader.wait.ms", 300);
    values.put("heron.nomad.kill.wait.sec", 20);
  }

  @AfterEach
  void stop() {
    schedulers.forEach(NomadScheduler::close);
    nomad.close();
    state.close();
  }

  Config local() {
    return ConfigLoader.local(Config.of(values, sources()));
  }

  private Map<String, String> sources() {
    Map<String, String> sources = new HashMap<>();
    values.keySet().forEach(key -> sources.put(key, "scheduler.yaml"));
    return sources;
  }

  Config cluster() {
    return ConfigLoader.cluster(Config.of(values, sources()));
  }

  /** As a command makes it, with that environment. */
  NomadScheduler scheduler(Topology topology, Map<String, String> environment) {
    NomadScheduler scheduler = new NomadScheduler();
    schedulers.add(scheduler);
    scheduler.initialize(
        SchedulerContext.ofLibrary(
            cluster(),
            local(),
            topology,
            state,
            Map.of(SchedulerContext.PACKAGE_URI, "file:///packages/words.tar.gz")),
        environment);
    return scheduler;
  }

  NomadScheduler scheduler() {
    return scheduler(TOPOLOGY, Map.of());
  }

  /** Submits the topology, and returns the scheduler of the next command. */
  NomadScheduler submitted(PackingPlan plan) {
    state.put(StateKind.PACKING_PLAN, "words", PackingPlanProtos.toProto(plan));
    scheduler().onSchedule(() -> plan);
    return scheduler();
  }

  static PackingPlan plan(int containers) {
    return plan(containers, 1024);
  }

  static PackingPlan plan(int containers, int megabytes) {
    Resource resource =
        new Resource(1.5, ByteAmount.ofMegabytes(megabytes), ByteAmount.ofMegabytes(2048));
    List<ContainerPlan> plans = new ArrayList<>();
    for (int id = 1; id <= containers; id++) {
      InstancePlan instance = new InstancePlan(id == 1 ? "word" : "count", id, id, resource);
      plans.add(new ContainerPlan(id, List.of(instance), resource));
    }
    return new PackingPlan(ID, plans);
  }

  static Topology topology(String name, String id) {
    return Topology.newBuilder()
        .setId(id)
        .setName(name)
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(org.apache.heron.proto.api.TopologyAPI.Config.getDefaultInstance())
        .addSpouts(Spout.newBuilder().setComp(component("word")))
        .addBolts(Bolt.newBuilder().setComp(component("count")))
        .build();
  }

  private static Component component(String name) {
    return Component.newBuilder()
        .setName(name)
        .setConfig(org.apache.heron.proto.api.TopologyAPI.Config.getDefaultInstance())
        .build();
  }

  List<String> jobIds() {
    return nomad.world().jobs("").stream().map(job -> job.path("ID").asText()).toList();
  }
}
