package org.apache.heron.executor.stmgr;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
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

  private final DataPlaneConfig config;
  private final long startNanos = System.nanoTime();
  private final InstanceEnvironment environment;
  private final BackPressure pressure;
  private final Mesh mesh;
  private final Residents residents;
  private PhysicalPlan applied;
  private volatile PlanView plan;
  private final AtomicReference<FormerPlaces> formerSpouts =
      new AtomicReference<>(FormerPlaces.NONE);
  private volatile boolean meeting;
  private boolean closed;

  private StreamManager(DataPlaneConfig config) throws IOException {
    this.config = config;
    UserObjects objects = new UserObjects(config.userClassLoader());
    residents = new Residents(config.stmgrId(), this::later);
    pressure = new BackPressure(config.stmgrId(), this::broadcast, this::nudgeSpouts);
    InstanceSettings settings = InstanceSettings.from(config.systemConfig());
    environment =
        new InstanceEnvironment(
            new StreamTable(config.topology()),
            new HeronApiTopology()::of,
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
        MeshLimits.MEETING_TIME,
        MeshLimits.FAREWELL_TIME);
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
    if (closed || newPlan.equals(applied)) {
      return;
    }
    PlanView view = PlanView.of(config.topology(), newPlan).after(plan);
    Map<String, InetSocketAddress> addresses = new TreeMap<>();
    for (StMgr stmgr : view.stmgrs().values()) {
      if (!stmgr.getId().equals(config.stmgrId())) {
        addresses.put(
            stmgr.getId(),
            InetSocketAddress.createUnresolved(stmgr.getHostName(), stmgr.getDataPort()));
      }
    }
    mesh.connect(addresses);
    rememberSpouts(view);
    applied = newPlan;
    plan = view;
    meeting = true;
    residents.follow(
        view, identity -> new InstanceRunner(identity, environment, view, new QueueAlarm()));
    LOG.info(
        "plan in force: topology {} {}, {} instances here, peers {}",
        view.topology().getName(),
        view.state(),
        residents.runners().size(),
        addresses);
    config.listener().planApplied(newPlan);
  }

  @SuppressWarnings("ReferenceEquality") // see PlanView.after
  private void rememberSpouts(PlanView view) {
    if (plan == null || plan.instances() == view.instances()) {
      return;
    }
    FormerPlaces places = formerSpouts.get().after(plan, view);
    formerSpouts.set(places);
    // unless a newer plan has left others
    mesh.later(
        MeshLimits.FAREWELL_TIME, () -> formerSpouts.compareAndSet(places, FormerPlaces.NONE));
  }

  private Outlet outlet(Instance target) {
    InstanceIdentity identity = InstanceIdentity.of(target);
    if (!target.getStmgrId().equals(config.stmgrId())) {
      return mesh.outlet(target.getStmgrId(), identity.task(), identity.tag());
    }
    InstanceRunner runner = residents.find(identity.task(), identity.tag());
    return runner == null ? Outlet.NOWHERE : runner.inbox();
  }

  /** To where the spout is, and to where it was; never twice to one ledger. */
  private void sendAcks(int spoutTask, AckUpdates updates) {
    residents.applyAcks(spoutTask, updates);
    Instance instance = plan.instances().get(spoutTask);
    String present = instance == null ? config.stmgrId() : instance.getStmgrId();
    if (!present.equals(config.stmgrId())) {
      mesh.sendAcks(present, spoutTask, updates);
    }
    String former = formerSpouts.get().stmgrs().get(spoutTask);
    if (former != null && !former.equals(config.stmgrId()) && !former.equals(present)) {
      mesh.sendAcks(former, spoutTask, updates);
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

  private void later(Duration pause, Runnable action) {
    mesh.later(pause, action);
  }

  private void broadcast(boolean raised) {
    mesh.sendPressure(raised);
  }

  private void nudgeSpouts() {
    residents.runners().stream().filter(InstanceRunner::spout).forEach(InstanceRunner::nudge);
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
    public void tuples(int task, int tag, Batch.Encoded batch) {
      residents.arrived(task, tag, batch);
    }

    @Override
    public void acks(int spoutTask, AckUpdates updates) {
      residents.applyAcks(spoutTask, updates);
    }

    @Override
    public void greeted(Object connection, String stmgrId) {
      pressure.connected(connection, stmgrId);
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
        residents.runners().stream()
            .filter(runner -> runner.identity().instanceId().equals(instanceId))
            .toList();
    found.forEach(InstanceRunner::restart);
    return !found.isEmpty();
  }

  @Override
  public Optional<String> illness() {
    Duration silence = mesh.silence();
    return silence.compareTo(MeshLimits.LONGEST_SILENCE) > 0
        ? Optional.of(
            "the stream manager's network thread has not moved for " + silence.toSeconds() + " s")
        : Optional.empty();
  }

  @Override
  public ContainerCounters counters() {
    Map<String, Long> dropped = new HashMap<>();
    residents.addDrops(dropped);
    List<InstanceCounters> instances =
        Stream.concat(residents.runners().stream(), residents.leaving().stream())
            .map(InstanceRunner::counters)
            .sorted(Comparator.comparingInt(InstanceCounters::taskId))
            .toList();
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
    residents.close();
    mesh.close();
  }
}
