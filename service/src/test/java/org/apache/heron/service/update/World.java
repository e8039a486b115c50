package org.apache.heron.service.update;

import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;

/**
 * A running topology as an update sees it: shared state in files, a topology manager behind HTTP,
 * containers that follow the packing plan at once, a scheduler that has what it is told to have.
 * What is done to it is written down, and any of these deeds may be the last of its process.
 */
final class World implements AutoCloseable {
  static final String TOPOLOGY = "words";
  static final String ID = "words-0001";

  /** The process that did the deed is dead: it does nothing any more, and hears nothing. */
  static final class Dead extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final LocalFileSystemStateManager files = new LocalFileSystemStateManager();
  private final HttpServer manager;
  private final List<String> deeds = new CopyOnWriteArrayList<>();
  private final Cluster cluster = new Cluster();
  private volatile int deedsLeft = Integer.MAX_VALUE;
  private volatile boolean lastTakesEffect;
  private volatile boolean dead;
  private final Map<String, Runnable> others = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  World(Path directory) throws IOException {
    files.initialize(
        org.apache.heron.spi.config.Config.of(
            Map.of(
                "heron.statemgr.connection.string",
                "LOCALMODE",
                "heron.statemgr.root.path",
                directory.toString())));
    manager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    manager.createContext(
        "/",
        exchange -> {
          String command = exchange.getRequestURI().getPath().substring(1);
          publish(command.equals("activate") ? TopologyState.RUNNING : TopologyState.PAUSED);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    manager.start();
  }

  /** The topology runs by this plan. */
  World runs(PackingPlan plan, TopologyState topologyState) {
    files.put(StateKind.TOPOLOGY, TOPOLOGY, Words.definition(plan));
    files.put(StateKind.PACKING_PLAN, TOPOLOGY, PackingPlanProtos.toProto(plan));
    files.put(
        StateKind.TMANAGER_LOCATION,
        TOPOLOGY,
        TManagerLocation.newBuilder()
            .setTopologyName(TOPOLOGY)
            .setTopologyId(ID)
            .setHost("127.0.0.1")
            .setControllerPort(manager.getAddress().getPort())
            .setServerPort(1)
            .build());
    publish(topologyState);
    cluster.have(plan);
    return this;
  }

  /** A process dies at its deed of that number, which may take effect or not. */
  void processDiesAt(int deed, boolean takesEffect) {
    deedsLeft = deed;
    lastTakesEffect = takesEffect;
  }

  /** Shared state refuses the next deed of that name. */
  void refusesOnce(String deed) {
    refused.add(deed);
  }

  /** A user has its topology manager stop the spouts, or let them emit. */
  void asksManagerFor(TopologyState wanted) {
    publish(wanted);
  }

  /** Another process takes its place. */
  void anotherProcess() {
    deedsLeft = Integer.MAX_VALUE;
    dead = false;
    deeds.clear();
  }

  /** What was done, in order. */
  List<String> deeds() {
    return List.copyOf(deeds);
  }

  Cluster cluster() {
    return cluster;
  }

  /** Shared state as a process sees it. */
  IStateManager state() {
    return (IStateManager)
        Proxy.newProxyInstance(
            World.class.getClassLoader(),
            new Class<?>[] {IStateManager.class},
            (proxy, method, arguments) -> {
              String name = method.getName();
              if (name.equals("put") || name.equals("delete")) {
                StateKind<?> kind = (StateKind<?>) arguments[0];
                return deed(
                    name + " " + kind.directory(),
                    () -> {
                      Object result = call(method, arguments);
                      if (kind.equals(StateKind.PACKING_PLAN)) {
                        publish(spouts());
                      }
                      return result;
                    });
              }
              requireAlive();
              return call(method, arguments);
            });
  }

  private Object call(java.lang.reflect.Method method, Object[] arguments) throws Exception {
    try {
      return method.invoke(files, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private interface Act {
    Object run() throws Exception;
  }

  private synchronized Object deed(String name, Act act) throws Exception {
    requireAlive();
    if (refused.remove(name)) {
      throw new StateException(name + " is refused");
    }
    others.getOrDefault(name, () -> {}).run();
    deedsLeft--;
    boolean dies = deedsLeft == 0;
    if (!dies || lastTakesEffect) {
      deeds.add(name);
      Object result = act.run();
      if (!dies) {
        return result;
      }
    }
    // Only now: whoever sees it ends the process' thread, which must not cut the last deed short.
    dead = true;
    throw new Dead();
  }

  private void requireAlive() {
    if (dead) {
      throw new Dead();
    }
  }

  PackingPlan plan() {
    return files
        .get(StateKind.PACKING_PLAN, TOPOLOGY)
        .map(PackingPlanProtos::fromProto)
        .orElseThrow();
  }

  Topology definition() {
    return files.get(StateKind.TOPOLOGY, TOPOLOGY).orElseThrow();
  }

  PhysicalPlan physicalPlan() {
    return files.get(StateKind.PHYSICAL_PLAN, TOPOLOGY).orElseThrow();
  }

  TopologyState spouts() {
    return physicalPlan().getTopology().getState();
  }

  Journal journal() {
    return new Journal(files, TOPOLOGY, ID);
  }

  /** Somebody else does that before each deed of that name. */
  void beforeEach(String deed, Runnable act) {
    others.put(deed, act);
  }

  boolean isUnfinished() {
    return files.exists(StateKind.PENDING_UPDATE, TOPOLOGY);
  }

  <M extends Message> void put(StateKind<M> kind, M message) {
    files.put(kind, TOPOLOGY, message);
  }

  void delete(StateKind<?> kind) {
    files.delete(kind, TOPOLOGY);
  }

  IStateManager.Lock lockByAnother() {
    return files.lock(TOPOLOGY, Sequence.LOCK, java.time.Duration.ZERO).orElseThrow();
  }

  private synchronized void publish(TopologyState topologyState) {
    PhysicalPlan.Builder physical =
        PhysicalPlan.newBuilder().setTopology(definition().toBuilder().setState(topologyState));
    for (ContainerPlan container : plan().containers()) {
      String stmgr = "stmgr-" + container.id();
      physical.addStmgrs(
          StMgr.newBuilder()
              .setId(stmgr)
              .setHostName("h")
              .setDataPort(1)
              .setLocalEndpoint("/unused"));
      for (InstancePlan instance : container.instances()) {
        physical.addInstances(
            Instance.newBuilder()
                .setInstanceId(stmgr + instance.taskId())
                .setStmgrId(stmgr)
                .setInfo(
                    InstanceInfo.newBuilder()
                        .setTaskId(instance.taskId())
                        .setComponentIndex(instance.componentIndex())
                        .setComponentName(instance.componentName())));
      }
    }
    files.put(StateKind.PHYSICAL_PLAN, TOPOLOGY, physical.build());
  }

  @Override
  public void close() {
    manager.stop(0);
    files.close();
  }

  /** A scheduler's containers, which outlive it. */
  final class Cluster implements IScheduler {
    private final Map<Integer, String> containers = new TreeMap<>();
    private volatile Phase phase = Phase.RUNS;
    private volatile int nextNumber;
    private CompletableFuture<Outcome> pending = new CompletableFuture<>();

    /** From now on containers that are added get numbers of its own, from that one on. */
    void numbersItselfFrom(int number) {
      nextNumber = number;
    }

    /** As Aurora: what nobody wants takes the place of what is missing; the rest is numbered. */
    private synchronized Map<Integer, Integer> haveRenumbered(PackingPlan plan) {
      TreeSet<Integer> wanted = new TreeSet<>();
      plan.containers().forEach(container -> wanted.add(container.id()));
      TreeSet<Integer> surplus = new TreeSet<>(containers.keySet());
      surplus.remove(0);
      surplus.removeAll(wanted);
      Map<Integer, Integer> numbers = new TreeMap<>();
      for (int id : wanted) {
        if (!containers.containsKey(id)) {
          Integer place = surplus.pollFirst();
          numbers.put(id, place == null ? nextNumber++ : place);
        }
      }
      surplus.forEach(containers::remove);
      numbers.values().forEach(id -> containers.putIfAbsent(id, newState()));
      return numbers;
    }

    /** How it answers. */
    enum Phase {
      RUNS,
      FAILS_NEW_CONTAINERS,
      FAILS_NEW_CONTAINERS_ONCE,
      HAS_NO_ROOM,
      IS_KILLED
    }

    void now(Phase next) {
      phase = next;
    }

    synchronized void have(PackingPlan plan) {
      TreeSet<Integer> wanted = new TreeSet<>();
      wanted.add(0);
      plan.containers().forEach(container -> wanted.add(container.id()));
      containers.keySet().retainAll(wanted);
      wanted.forEach(id -> containers.putIfAbsent(id, newState()));
    }

    private int failures() {
      return phase == Phase.FAILS_NEW_CONTAINERS ? 5 : 1;
    }

    private String newState() {
      return switch (phase) {
        case RUNS, IS_KILLED -> "RUNNING";
        case FAILS_NEW_CONTAINERS, FAILS_NEW_CONTAINERS_ONCE -> "BACKING_OFF";
        case HAS_NO_ROOM -> "WAITING";
      };
    }

    synchronized List<Integer> ids() {
      return List.copyOf(containers.keySet());
    }

    @Override
    public synchronized CompletableFuture<Outcome> onScale(PackingPlan wanted) {
      Map<Integer, Integer> numbers = new TreeMap<>();
      try {
        deed(
            "scale " + wanted.containers().stream().map(ContainerPlan::id).toList(),
            () -> {
              if (nextNumber > 0) {
                numbers.putAll(haveRenumbered(wanted));
              } else {
                have(wanted);
              }
              return "";
            });
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new UncheckedIOException(new IOException(e));
      }
      boolean all = containers.values().stream().allMatch("RUNNING"::equals);
      pending = new CompletableFuture<>();
      if (all) {
        pending.complete(Outcome.done("scaled", numbers));
      }
      return pending;
    }

    /** What waited for a place has found one, or its failure has passed. */
    synchronized void comesUp() {
      phase = Phase.RUNS;
      containers.replaceAll((id, state) -> "RUNNING");
      pending.complete(Outcome.done("scaled"));
    }

    /** What waited for a place gets one, and fails there for good. */
    synchronized void fails() {
      phase = Phase.FAILS_NEW_CONTAINERS;
      containers.replaceAll((id, state) -> state.equals("WAITING") ? "BACKING_OFF" : state);
    }

    /** As a process that loses the lead: what waits hears of it first. */
    synchronized void stops() {
      pending.complete(Outcome.stopped("the scheduler has stopped"));
    }

    @Override
    public synchronized SchedulerStatus status() {
      requireAlive();
      List<SchedulerStatus.Container> list = new ArrayList<>();
      containers.forEach(
          (id, state) ->
              list.add(
                  new SchedulerStatus.Container(
                      id,
                      state,
                      "",
                      9,
                      failures(),
                      "",
                      "",
                      1,
                      1,
                      1,
                      Map.of(),
                      "no such file",
                      0,
                      0)));
      return new SchedulerStatus(
          TOPOLOGY,
          ID,
          phase == Phase.IS_KILLED ? SchedulerStatus.Phase.KILLING : SchedulerStatus.Phase.RUNNING,
          "",
          "",
          "",
          list);
    }

    @Override
    public void initialize(SchedulerContext context) {}

    @Override
    public void onSchedule(Supplier<PackingPlan> plan) {}

    @Override
    public List<String> jobLinks() {
      return List.of();
    }

    @Override
    public Outcome onKill() {
      return Outcome.done("");
    }

    @Override
    public CompletableFuture<Outcome> onRestart(int container, int parallel) {
      return CompletableFuture.completedFuture(Outcome.done(""));
    }

    @Override
    public CompletableFuture<Void> finished() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
