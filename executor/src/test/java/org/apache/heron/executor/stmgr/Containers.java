package org.apache.heron.executor.stmgr;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronTopology;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.executor.plan.ComponentConfig;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;
import org.apache.heron.executor.plane.DataPlaneListener;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.proto.api.TopologyAPI.Config.KeyValue;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/** A topology in some containers of one JVM, meshed over loopback. */
final class Containers implements AutoCloseable {

  /** How long tests wait for what happens at once on a quiet machine. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Topology topology;
  final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  final List<String> unreachable = new CopyOnWriteArrayList<>();
  private final Map<Integer, DataPlane> planes = new TreeMap<>();
  private final Map<String, Object> systemConfig = new HashMap<>();
  private final int containerCount;
  private List<Place> places = List.of();
  private TopologyState state = TopologyState.RUNNING;

  /** Where a task is. */
  record Place(String component, int task, int index, int container) {}

  private Containers(Topology topology, int containerCount) {
    this.topology = topology;
    this.containerCount = containerCount;
    systemConfig.put("heron.instance.restart.backoff.ms", 50);
  }

  /** Containers that are not started yet. */
  static Containers of(TopologyBuilder builder, Config config, int containerCount) {
    return of(builder.createTopology(), config, containerCount);
  }

  static Containers of(HeronTopology built, Config config, int containerCount) {
    byte[] bytes =
        built
            .setName("test")
            .setConfig(config)
            .setState(org.apache.heron.api.generated.TopologyAPI.TopologyState.RUNNING)
            .getTopology()
            .toByteArray();
    try {
      return new Containers(Topology.parseFrom(bytes), containerCount);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Containers with(String systemKey, Object value) {
    systemConfig.put(systemKey, value);
    return this;
  }

  /** Begins deactivated. */
  Containers paused() {
    state = TopologyState.PAUSED;
    return this;
  }

  /** Starts all containers and applies the plan. */
  Containers start() {
    for (int id = 1; id <= containerCount; id++) {
      planes.put(id, open(id));
    }
    return apply();
  }

  private DataPlane open(int id) {
    DataPlaneListener listener =
        new DataPlaneListener() {
          @Override
          public void fatal(Throwable cause) {
            fatal.add(cause);
          }

          @Override
          public void peerUnreachable(String stmgrId, String reason) {
            unreachable.add(stmgrId);
          }
        };
    try {
      return StreamManager.start(
          new DataPlaneConfig(
              id,
              "stmgr-" + id,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              topology,
              getClass().getClassLoader(),
              Path.of("."),
              systemConfig,
              listener));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Applies the plan of the present containers to all of them. */
  Containers apply() {
    PhysicalPlan plan = plan();
    planes.values().forEach(plane -> plane.applyPlan(plan));
    return this;
  }

  /** Sets a value of a component as {@code heron update --runtime-config} does. */
  Containers reconfigure(String component, String key, String value) {
    Topology.Builder changed = topology.toBuilder();
    changed.getSpoutsBuilderList().stream()
        .filter(spout -> spout.getComp().getName().equals(component))
        .forEach(
            spout ->
                spout
                    .getCompBuilder()
                    .getConfigBuilder()
                    .addKvs(
                        KeyValue.newBuilder()
                            .setKey(key + ComponentConfig.RUNTIME_POSTFIX)
                            .setValue(value)
                            .setType(ConfigValueType.STRING_VALUE)));
    topology = changed.build();
    return apply();
  }

  Containers apply(TopologyState newState) {
    state = newState;
    return apply();
  }

  /** Ends a container as a crash would, as far as others can see. */
  void kill(int id) {
    planes.remove(id).close();
  }

  /** Brings a container up again, on another port, and tells everybody. */
  void restart(int id) {
    planes.put(id, open(id));
    apply();
  }

  DataPlane plane(int id) {
    return planes.get(id);
  }

  /** Another container, which waits for a plan. */
  void add(int id) {
    planes.put(id, open(id));
  }

  /**
   * Changes where tasks are, and tells everybody; who has no place any more is in no plan, but is
   * told as well.
   */
  Containers apply(List<Place> newPlaces) {
    places = List.copyOf(newPlaces);
    return apply();
  }

  /** The present plan for one container only. */
  void applyTo(int id, List<Place> newPlaces) {
    places = List.copyOf(newPlaces);
    planes.get(id).applyPlan(plan());
  }

  /** The places of the plan in force, or those of the first one. */
  List<Place> places() {
    return places.isEmpty() ? dealt() : places;
  }

  PhysicalPlan plan() {
    PhysicalPlan.Builder plan =
        PhysicalPlan.newBuilder().setTopology(topology.toBuilder().setState(state));
    planes.forEach(
        (id, plane) -> {
          if (places().stream().anyMatch(place -> place.container() == id)) {
            plan.addStmgrs(
                StMgr.newBuilder()
                    .setId("stmgr-" + id)
                    .setHostName(InetAddress.getLoopbackAddress().getHostAddress())
                    .setDataPort(plane.port())
                    .setLocalEndpoint(""));
          }
        });
    for (Place place : places()) {
      plan.addInstances(
          Instance.newBuilder()
              .setInstanceId(
                  "container_" + place.container() + "_" + place.component() + "_" + place.task())
              .setStmgrId("stmgr-" + place.container())
              .setInfo(
                  InstanceInfo.newBuilder()
                      .setTaskId(place.task())
                      .setComponentIndex(place.index())
                      .setComponentName(place.component())));
    }
    return plan.build();
  }

  /** Components' instances are dealt out to the containers in turn. */
  private List<Place> dealt() {
    Map<String, Integer> parallelism = new TreeMap<>();
    topology
        .getSpoutsList()
        .forEach(spout -> parallelism.put(spout.getComp().getName(), tasks(spout.getComp())));
    topology
        .getBoltsList()
        .forEach(bolt -> parallelism.put(bolt.getComp().getName(), tasks(bolt.getComp())));
    List<Place> dealt = new ArrayList<>();
    parallelism.forEach(
        (component, count) -> {
          for (int index = 0; index < count; index++) {
            int task = dealt.size() + 1;
            dealt.add(new Place(component, task, index, (task - 1) % containerCount + 1));
          }
        });
    return dealt;
  }

  private static int tasks(org.apache.heron.proto.api.TopologyAPI.Component component) {
    return component.getConfig().getKvsList().stream()
        .filter(pair -> pair.getKey().equals(Config.TOPOLOGY_COMPONENT_PARALLELISM))
        .mapToInt(pair -> Integer.parseInt(pair.getValue()))
        .findFirst()
        .orElse(1);
  }

  /** Counters of all instances of a component. */
  List<InstanceCounters> counters(String component) {
    List<InstanceCounters> found = new ArrayList<>();
    for (DataPlane plane : planes.values()) {
      plane.counters().instances().stream()
          .filter(instance -> instance.component().equals(component))
          .forEach(found::add);
    }
    return found;
  }

  /** A tuple is counted only after it was emitted, or its bolt was through with it. */
  void awaitCounted(String spout, long emitted, String bolt, long executed) {
    await().atMost(PATIENCE).until(() -> emitted(spout) >= emitted && executed(bolt) >= executed);
  }

  long emitted(String component) {
    return counters(component).stream().mapToLong(InstanceCounters::emittedTotal).sum();
  }

  long executed(String component) {
    return counters(component).stream().mapToLong(InstanceCounters::executedTotal).sum();
  }

  Optional<ContainerCounters> container(int id) {
    return Optional.ofNullable(planes.get(id)).map(DataPlane::counters);
  }

  @Override
  public void close() {
    planes.values().forEach(DataPlane::close);
  }
}
