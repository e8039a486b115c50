package org.apache.heron.executor.registration;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.metrics.MetricsReport;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.rpc.Frame;
import org.apache.heron.executor.rpc.Peer;
import org.apache.heron.executor.rpc.PeerListener;
import org.apache.heron.executor.rpc.RequestId;
import org.apache.heron.executor.rpc.RpcTransport;
import org.apache.heron.proto.stmgr.StreamManager.NewPhysicalPlanMessage;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.Stats.StMgrStats;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrHeartbeatRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrHeartbeatResponse;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrRegisterRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StMgrRegisterResponse;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a container registered with the topology manager, wherever that is now: finds it in the
 * state, connects, registers, beats, reports, hands plans on, and starts again when the connection
 * breaks. It never gives up, because the container works on its plan without a topology manager.
 * Thread-safe.
 */
public final class ContainerRegistration implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRegistration.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final RegistrationConfig config;
  private final Consumer<PhysicalPlan> plans;
  private final Supplier<ContainerCounters> counters;
  private final MetricsReport report;
  private final Clock clock;
  private final RpcTransport transport;
  private final IStateManager.Watch watch;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "registration");
            made.setDaemon(true);
            return made;
          });

  // Owned by the thread.
  private List<Instance> instances;
  private Optional<TManagerLocation> location = Optional.empty();
  private Optional<Peer> peer = Optional.empty();
  private RequestId pending = RequestId.ONE_WAY;
  private boolean connecting;
  private volatile boolean registered;
  private volatile boolean managerThere;
  private volatile Optional<String> obstacle = Optional.empty();
  private String refusal = "";
  private volatile long unregisteredNanos = System.nanoTime();

  /**
   * Starts in the background.
   *
   * @param instances those of this container in the packing plan
   * @param plans gets every physical plan, one at a time
   * @param counters asked for each report
   */
  public ContainerRegistration(
      RegistrationConfig config,
      IStateManager state,
      List<Instance> instances,
      Consumer<PhysicalPlan> plans,
      Supplier<ContainerCounters> counters,
      Clock clock) {
    this.config = config;
    this.instances = List.copyOf(instances);
    this.plans = plans;
    this.counters = counters;
    this.report = new MetricsReport(config.self().getHostName(), Figure::forTopologyManager);
    this.clock = clock;
    this.transport =
        new RpcTransport("registration-io", config.maxPacket(), config.heartbeat().multipliedBy(6));
    thread.scheduleWithFixedDelay(
        guarded(this::beat),
        config.heartbeat().toMillis(),
        config.heartbeat().toMillis(),
        TimeUnit.MILLISECONDS);
    thread.scheduleWithFixedDelay(
        guarded(this::publish),
        config.report().toMillis(),
        config.report().toMillis(),
        TimeUnit.MILLISECONDS);
    watch =
        state.watch(
            StateKind.TMANAGER_LOCATION, config.topologyName(), found -> run(() -> located(found)));
  }

  /** The packing plan gives this container other instances: registers anew with them. */
  public void changeInstances(List<Instance> newInstances) {
    run(
        () -> {
          instances = List.copyOf(newInstances);
          register();
        });
  }

  /** Why this container is not registered although there is a topology manager; empty otherwise. */
  public Optional<String> obstacle() {
    return registered || !managerThere ? Optional.empty() : obstacle;
  }

  /** Since when it is not registered; zero if it is. */
  public Duration unregisteredFor() {
    return registered ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - unregisteredNanos);
  }

  private void located(Optional<TManagerLocation> found) {
    Optional<TManagerLocation> ours =
        found.filter(place -> place.getTopologyId().equals(config.topologyId()));
    managerThere = ours.isPresent();
    if (ours.isEmpty() || ours.equals(location)) {
      return;
    }
    location = ours;
    obstacle = Optional.empty();
    unregisteredNanos = System.nanoTime();
    disconnect();
    connect();
  }

  private void connect() {
    connecting = false;
    if (location.isEmpty() || peer.isPresent()) {
      return;
    }
    TManagerLocation place = location.get();
    try {
      peer =
          Optional.of(
              transport.connect(
                  new InetSocketAddress(place.getHost(), place.getServerPort()),
                  CONNECT_LIMIT,
                  new Listener()));
      register();
    } catch (IOException e) {
      LOG.info("the topology manager cannot be reached: {}", e.getMessage());
      obstacle = Optional.of("it cannot be reached: " + e.getMessage());
      connectLater();
    }
  }

  private void connectLater() {
    if (!connecting) {
      connecting = true;
      thread.schedule(guarded(this::connect), config.reconnect().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void disconnect() {
    Optional<Peer> old = peer;
    peer = Optional.empty();
    unregister();
    old.ifPresent(Peer::close);
  }

  private void unregister() {
    if (registered) {
      unregisteredNanos = System.nanoTime();
    }
    registered = false;
  }

  private void register() {
    unregister();
    pending = RequestId.random();
    StMgrRegisterRequest request =
        StMgrRegisterRequest.newBuilder()
            .setStmgr(config.self())
            .addAllInstances(instances)
            .build();
    peer.ifPresent(present -> present.send(pending, request));
  }

  private void registerLater() {
    thread.schedule(
        guarded(
            () -> {
              if (!registered) {
                register();
              }
            }),
        config.reconnect().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void answered(StMgrRegisterResponse response) {
    if (response.getStatus().getStatus() != StatusCode.OK) {
      refused(response);
      return;
    }
    registered = true;
    refusal = "";
    obstacle = Optional.empty();
    LOG.info("registered as {} with {}", config.self().getId(), location.orElseThrow().getHost());
    if (response.hasPplan()) {
      plans.accept(response.getPplan());
    }
  }

  private void refused(StMgrRegisterResponse response) {
    String reason = response.getStatus().getMessage();
    if (!reason.equals(refusal)) {
      LOG.warn("registration is refused, and tried again: {}", reason);
      refusal = reason;
    }
    // a topology manager that is not ready yet is no reason to replace this container
    obstacle =
        Optional.of(reason)
            .filter(why -> response.getStatus().getStatus() == StatusCode.INVALID_STMGR);
    registerLater();
    if (response.hasPplan()) {
      // one without this container: what it runs is to end
      plans.accept(response.getPplan());
    }
  }

  private void beat() {
    if (registered) {
      pending = RequestId.random();
      StMgrHeartbeatRequest request =
          StMgrHeartbeatRequest.newBuilder()
              .setHeartbeatTime(clock.instant().getEpochSecond())
              .setStats(StMgrStats.getDefaultInstance())
              .build();
      peer.ifPresent(present -> present.send(pending, request));
    }
  }

  private void publish() {
    if (registered) {
      PublishMetrics metrics = report.next(counters.get(), clock.instant());
      peer.ifPresent(present -> present.send(metrics));
    }
  }

  private final class Listener implements PeerListener {
    @Override
    public void received(Peer from, Frame frame) {
      if (frame.is(NewPhysicalPlanMessage.getDefaultInstance())) {
        PhysicalPlan plan = frame.parse(NewPhysicalPlanMessage.parser()).getNewPplan();
        run(() -> ifCurrent(from, () -> plans.accept(plan)));
      } else if (frame.is(StMgrRegisterResponse.getDefaultInstance())) {
        StMgrRegisterResponse response = frame.parse(StMgrRegisterResponse.parser());
        run(
            () ->
                ifCurrent(
                    from,
                    () -> {
                      if (frame.id().equals(pending)) {
                        answered(response);
                      }
                    }));
      } else if (frame.is(StMgrHeartbeatResponse.getDefaultInstance())) {
        StMgrHeartbeatResponse response = frame.parse(StMgrHeartbeatResponse.parser());
        if (response.getStatus().getStatus() != StatusCode.OK) {
          run(() -> ifCurrent(from, ContainerRegistration.this::register));
        }
      } else {
        throw new IllegalArgumentException("a container does not know " + frame.type());
      }
    }

    private void ifCurrent(Peer from, Runnable action) {
      if (peer.filter(from::equals).isPresent()) {
        action.run();
      }
    }

    @Override
    public void disconnected(Peer from) {
      run(
          () ->
              ifCurrent(
                  from,
                  () -> {
                    LOG.warn("the connection to the topology manager is lost");
                    disconnect();
                    connectLater();
                  }));
    }
  }

  private void run(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(guarded(task));
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) { // the edge of the thread
        LOG.error("a step of the registration failed", e);
      }
    };
  }

  @Override
  public void close() {
    watch.close();
    thread.shutdownNow();
    transport.close();
  }
}
