package org.apache.heron.scheduler.aurora;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;

/** A topology {@code words} with the configuration that is shipped for Aurora. */
final class Job implements AutoCloseable {
  /** The checkout's directory of clusters. */
  static final Path CONF = Path.of("").toAbsolutePath().getParent().resolve("conf");

  static final String PACKAGE = "http://store.example/words.tar.gz";

  private final Map<String, Object> properties = new HashMap<>();
  private final Path directory;
  private final LocalFileSystemStateManager state = new LocalFileSystemStateManager();

  Job(Path directory) {
    this.directory = directory;
    with("heron.statemgr.root.path", directory.resolve("state").toString());
    with("heron.package.core.uri", "hdfs://nn.example:8020/heron/heron-core.tar.gz");
    with("heron.directory.sandbox.java.home", "/opt/jdk");
    with("heron.scheduler.job.kill.retry.interval.ms", 1);
    with("heron.config.environ", "devel");
  }

  Job with(String key, Object value) {
    properties.put(key, value);
    return this;
  }

  LocalFileSystemStateManager state() {
    return state;
  }

  Config local() {
    return ConfigLoader.local(raw());
  }

  Config cluster() {
    return ConfigLoader.cluster(raw());
  }

  private Config raw() {
    Config raw =
        ConfigLoader.load(
                directory.resolve("home"),
                CONF.resolve("aurora"),
                Optional.empty(),
                Optional.empty())
            .with(Key.CLUSTER, "west")
            .with(Key.ROLE, "ada")
            .with(Key.TOPOLOGY_NAME, "words")
            .with(Key.TOPOLOGY_DEFINITION_FILE, "/tmp-dir/words.defn")
            .with(Key.TOPOLOGY_BINARY_FILE, "words.jar");
    return raw.withAll(properties, "--config-property");
  }

  /** A scheduler that finds the client on that search path. */
  AuroraScheduler scheduler(String searchPath) {
    Config local = local();
    state.initialize(local);
    AuroraScheduler scheduler = new AuroraScheduler();
    scheduler.initialize(
        SchedulerContext.ofLibrary(
            cluster(), local, topology(), state, Map.of(SchedulerContext.PACKAGE_URI, PACKAGE)),
        searchPath);
    return scheduler;
  }

  static Topology topology() {
    return Topology.newBuilder()
        .setId("words-0001")
        .setName("words")
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(
            config(
                Map.of(
                    "topology.stmgrs", "2", "topology.worker.childopts", "-XX:+UseG1GC -Da='b c'")))
        .addSpouts(Spout.newBuilder().setComp(component("word")))
        .addBolts(Bolt.newBuilder().setComp(component("count")))
        .build();
  }

  private static Component component(String name) {
    return Component.newBuilder()
        .setName(name)
        .setSerializedObject(ByteString.copyFromUtf8("object"))
        .setConfig(config(Map.of("topology.component.parallelism", "2")))
        .build();
  }

  private static org.apache.heron.proto.api.TopologyAPI.Config config(Map<String, String> values) {
    var builder = org.apache.heron.proto.api.TopologyAPI.Config.newBuilder();
    values.forEach(
        (key, value) ->
            builder.addKvs(
                org.apache.heron.proto.api.TopologyAPI.Config.KeyValue.newBuilder()
                    .setKey(key)
                    .setValue(value)));
    return builder.build();
  }

  /** Containers of these ids, one instance each; the last one is larger. */
  static PackingPlan plan(int... ids) {
    List<ContainerPlan> containers = new ArrayList<>();
    int task = 0;
    for (int id : ids) {
      task++;
      Resource size =
          new Resource(
              task == ids.length ? 2.5 : 1.0,
              ByteAmount.ofGigabytes(task == 1 ? 3 : 2),
              ByteAmount.ofGigabytes(1));
      containers.add(
          new ContainerPlan(
              id,
              List.of(
                  new InstancePlan(
                      task % 2 == 1 ? "word" : "count",
                      task,
                      (task - 1) / 2,
                      new Resource(1, ByteAmount.ofMegabytes(512), ByteAmount.ZERO))),
              size));
    }
    return new PackingPlan("words-0001", containers);
  }

  @Override
  public void close() {
    state.close();
  }
}
