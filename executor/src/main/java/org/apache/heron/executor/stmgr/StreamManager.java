package org.apache.heron.executor.stmgr;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Delivery;
import org.apache.heron.executor.delivery.Inbox;
import org.apache.heron.executor.delivery.Outlet;
import org.apache.heron.executor.instance.InstanceEnvironment;
import org.apache.heron.executor.instance.InstanceIdentity;
import org.apache.heron.executor.instance.InstanceRunner;
import org.apache.heron.executor.instance.InstanceSettings;
import org.apache.heron.executor.mesh.Mesh;
import org.apache.heron.executor.mesh.MeshReceiver;
import org.apache.heron.executor.mesh.MeshSettings;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.tuple.StreamTable;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of one container. Threads: one per instance, and one for the mesh. No queue
 * anywhere is unbounded: an instance's queue refuses what comes from its own container when it is
 * full, other containers need credit, acks are applied at once.
 */
public final class StreamManager implements DataPlane {

  private static final Logger LOG = LoggerFactory.getLogger(StreamManager.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  private final DataPlaneConfig config;
  private final long startNanos = System.nanoTime();
  private final InstanceEnvironment environment;
  private final BackPressure pressure;
  private final Mesh mesh;
  private final Map<Integer, InstanceRunner> runners = new ConcurrentHashMap<>();
  private final AtomicLong strayTuples = new AtomicLong();
  private volatile PlanView plan;
  private volatile boolean meeting;
  private boolean closed;

  private StreamManager(DataPlaneConfig config) throws IOException {
    this.config = config;
    UserObjects objects = new UserObjects(config.userClassLoader());
    pressure = new BackPressure(config.stmgrId(), this::broadcast, this::nudgeSpouts);
    InstanceSettings settings = InstanceSettings.from(config.systemConfig());
    environment =
        new InstanceEnvironment(
            new StreamTable(config.topology()),
            HeronApiTopology.of(config.topology()),
            objects,
            this::outlet,
            this::sendAcks,
            this::clamped,
            settings,
            config.listener());
    mesh = new Mesh(meshSettings(config, settings), new Incoming());
  }

  private static MeshSettings meshSettings(DataPlaneConfig config, InstanceSettings settings) {
    long seconds =
        Long.parseLong(
            String.valueOf(
                config
                    .systemConfig()
                    .getOrDefault("heron.streammgr.client.reconnect.interval.sec", 1)));
    return new MeshSettings(
        config.topology().getId(),
        config.stmgrId(),
        config.bind(),
        // a batch may be one byte short of full when the largest tuple is added
        settings.maxPacketBytes() * 2,
        MeshLimits.WINDOW_BYTES,
        Duration.ofSeconds(Math.max(1, seconds)),
        MeshLimits.MEETING_TIME);
  }

  /**
   * Starts a data plane: it listens, and waits for a plan.
   *
   * @throws IOException if the address to bind cannot be had
   * @throws IllegalArgumentException if a setting makes no sense
   */
  public static DataPlane start(DataPlaneConfig config) throws IOException {
    return new StreamManager(config);
  }

  @Override
  public int port() {
    return mesh.port();
  }

  @Override
  public synchronized void applyPlan(PhysicalPlan newPlan) {
    if (closed) {
      return;
    }
    PlanView view = PlanView.of(config.topology(), newPlan);
    Map<String, InetSocketAddress> addresses = new TreeMap<>();
    for (StMgr stmgr : view.stmgrs().values()) {
      if (!stmgr.getId().equals(config.stmgrId())) {
        addresses.put(
            stmgr.getId(),
            InetSocketAddress.createUnresolved(stmgr.getHostName(), stmgr.getDataPort()));
      }
    }
    mesh.connect(addresses);
    plan = view;
    meeting = true;
    stopRunners(runnersNotIn(view));
    List<InstanceRunner> fresh = new ArrayList<>();
    for (Instance instance : view.instances().values()) {
      int task = instance.getInfo().getTaskId();
      if (instance.getStmgrId().equals(config.stmgrId()) && !runners.containsKey(task)) {
        InstanceRunner runner =
            new InstanceRunner(InstanceIdentity.of(instance), environment, view, new QueueAlarm());
        runners.put(task, runner);
        fresh.add(runner);
      }
    }
    // all queues are there before the first instance looks for its receivers
    runners.values().stream()
        .filter(runner -> !fresh.contains(runner))
        .forEach(runner -> runner.planChanged(view));
    fresh.forEach(InstanceRunner::start);
    LOG.info(
        "plan in force: topology {} {}, {} instances here, peers {}",
        view.topology().getName(),
        view.state(),
        runners.size(),
        addresses);
    config.listener().planApplied(newPlan);
  }

  private List<InstanceRunner> runnersNotIn(PlanView view) {
    List<InstanceRunner> gone = new ArrayList<>();
    runners.forEach(
        (task, runner) -> {
          Instance instance = view.instances().get(task);
          if (instance == null
              || !instance.getStmgrId().equals(config.stmgrId())
              || !InstanceIdentity.of(instance).equals(runner.identity())) {
            gone.add(runner);
          }
        });
    return gone;
  }

  private void stopRunners(List<InstanceRunner> gone) {
    gone.forEach(InstanceRunner::stop);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (InstanceRunner runner : gone) {
      runner.awaitStop(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      runners.remove(runner.identity().task(), runner);
    }
  }

  private Outlet outlet(int task) {
    InstanceRunner local = runners.get(task);
    if (local != null) {
      return local.inbox();
    }
    Instance instance = plan.instances().get(task);
    if (instance == null || instance.getStmgrId().equals(config.stmgrId())) {
      return NOWHERE;
    }
    return mesh.outlet(instance.getStmgrId(), task);
  }

  /** Where tuples for tasks go that a newer plan does not know any more. */
  private static final Outlet NOWHERE =
      new Outlet() {
        @Override
        public boolean remote() {
          return false;
        }

        @Override
        public Delivery offer(Batch batch) {
          return Delivery.GONE;
        }
      };

  private void sendAcks(int spoutTask, AckUpdates updates) {
    InstanceRunner local = runners.get(spoutTask);
    if (local != null) {
      local.ledger().apply(updates);
      return;
    }
    Instance instance = plan.instances().get(spoutTask);
    if (instance != null) {
      mesh.sendAcks(instance.getStmgrId(), spoutTask, updates);
    }
  }

  private boolean clamped() {
    return pressure.clamped() || stillMeeting();
  }

  /** Until the mesh stands spouts would only fill buffers. */
  private boolean stillMeeting() {
    if (meeting && !mesh.meeting()) {
      meeting = false;
    }
    return meeting;
  }

  private void broadcast(boolean raised) {
    mesh.sendPressure(raised);
  }

  private void nudgeSpouts() {
    runners.values().stream().filter(InstanceRunner::spout).forEach(InstanceRunner::nudge);
  }

  private final class QueueAlarm implements Inbox.Alarm {

    @Override
    public void raised() {
      pressure.queueRaised();
    }

    @Override
    public void ended() {
      pressure.queueEnded();
    }
  }

  private final class Incoming implements MeshReceiver {

    @Override
    public void tuples(int task, Batch.Encoded batch) {
      InstanceRunner runner = runners.get(task);
      if (runner == null || runner.spout()) {
        strayTuples.addAndGet(batch.count());
        batch.credit().giveBack(batch.length());
      } else {
        runner.inbox().deliver(batch);
      }
    }

    @Override
    public void acks(int spoutTask, AckUpdates updates) {
      InstanceRunner runner = runners.get(spoutTask);
      if (runner != null) {
        runner.ledger().apply(updates);
      }
    }

    @Override
    public void pressure(Object connection, String stmgrId, boolean raised) {
      pressure.peer(connection, stmgrId, raised);
    }

    @Override
    public boolean underPressure() {
      return pressure.ownRaised();
    }

    @Override
    public void tellPressure(Consumer<Boolean> listener) {
      pressure.tell(listener);
    }

    @Override
    public void peerConnected(String stmgrId) {
      nudgeSpouts();
      config.listener().peerConnected(stmgrId);
    }

    @Override
    public void peerUnreachable(String stmgrId, String reason) {
      config.listener().peerUnreachable(stmgrId, reason);
    }
  }

  @Override
  public boolean restartInstance(String instanceId) {
    List<InstanceRunner> found =
        runners.values().stream()
            .filter(runner -> runner.identity().instanceId().equals(instanceId))
            .toList();
    found.forEach(InstanceRunner::restart);
    return !found.isEmpty();
  }

  @Override
  public ContainerCounters counters() {
    Map<String, Long> dropped = new HashMap<>();
    List<InstanceCounters> instances = new ArrayList<>();
    new TreeMap<>(runners)
        .values()
        .forEach(
            runner -> {
              instances.add(runner.counters());
              runner.addDrops(dropped);
            });
    dropped.merge("stray", strayTuples.get(), Long::sum);
    PlanView view = plan;
    return new ContainerCounters(
        config.containerId(),
        config.stmgrId(),
        config.topology().getId(),
        view == null ? "WAITING" : view.state().name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
        clamped(),
        pressure.askers(),
        pressure.totalMillis(),
        mesh.states(),
        new TreeMap<>(dropped),
        mesh.bytesSent(),
        mesh.bytesReceived(),
        instances);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopRunners(List.copyOf(runners.values()));
    mesh.close();
  }
}
