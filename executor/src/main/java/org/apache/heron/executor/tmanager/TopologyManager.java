package org.apache.heron.executor.tmanager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.heron.executor.rpc.RpcTransport;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.stmgr.StreamManager.NewPhysicalPlanMessage;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology manager: takes its place in the state and publishes physical plans for the
 * containers that register at its {@link ContainerDesk}. One thread owns the {@link PlanBoard}; the
 * public methods may be called from any thread and block at most for {@value #CALL_SECONDS}
 * seconds.
 */
public final class TopologyManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopologyManager.class);
  private static final int CALL_SECONDS = 20;
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** How many of the intervals at which a place is asked for its holder waits to write it again. */
  private static final int INTERVALS_TO_RESTORE = 5;

  /** More than taking the place and a state that is away for a while need. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  private final TopologyManagerConfig config;
  private final IStateManager state;
  private final Consumer<Throwable> fatal;
  private final Clock clock;
  private final StatsDesk stats;
  private final ContainerDesk containers;
  private final RpcTransport transport;
  private final HttpDesk http;
  private final TManagerLocation location;
  private final LocationNode place;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "tmanager");
            made.setDaemon(true);
            return made;
          });

  private volatile long lastTurn = System.nanoTime();
  private volatile boolean established;

  // Owned by the thread.
  private PlanBoard board;
  private Optional<PackingPlan> packing = Optional.empty();
  private boolean publishing;
  private Optional<ScheduledFuture<?>> restoring = Optional.empty();
  private IStateManager.Watch packingWatch;
  private IStateManager.Watch locationWatch;

  private TopologyManager(
      TopologyManagerConfig config, IStateManager state, Consumer<Throwable> fatal, Clock clock)
      throws IOException {
    this.config = config;
    this.state = state;
    this.fatal = fatal;
    this.clock = clock;
    this.stats = new StatsDesk(config.historyMinutes(), config.maxExceptions(), clock);
    this.containers =
        new ContainerDesk(
            config,
            stats,
            clock,
            () -> Optional.ofNullable(board),
            this::run,
            () -> schedulePublication(Duration.ZERO));
    this.transport = new RpcTransport("tmanager-io", config.maxPacket(), config.memberTimeout());
    try {
      int serverPort =
          transport.listen(new InetSocketAddress(config.bind(), config.serverPort()), containers);
      this.http = HttpDesk.start(config, this, stats);
      this.location =
          TManagerLocation.newBuilder()
              .setTopologyName(config.topologyName())
              .setTopologyId(config.topologyId())
              .setHost(config.host())
              .setServerPort(serverPort)
              .setControllerPort(http.controllerPort())
              .setStatsPort(http.statsPort())
              .build();
    } catch (IOException e) {
      transport.close();
      throw e;
    }
    this.place = new LocationNode(state, location);
  }

  /**
   * Listens at once and goes on in the background.
   *
   * @param fatal told once when it cannot go on: another one has its place, or the topology is not
   *     what it was
   * @throws IOException if a port cannot be bound
   */
  public static TopologyManager start(
      TopologyManagerConfig config, IStateManager state, Consumer<Throwable> fatal, Clock clock)
      throws IOException {
    TopologyManager manager = new TopologyManager(config, state, fatal, clock);
    manager.run(manager::establish);
    long period = Math.max(1, config.memberTimeout().toMillis() / 4);
    manager.thread.scheduleWithFixedDelay(
        manager.guarded(manager.containers::closeSilent), period, period, TimeUnit.MILLISECONDS);
    manager.thread.scheduleWithFixedDelay(
        () -> manager.lastTurn = System.nanoTime(), 1, 1, TimeUnit.SECONDS);
    return manager;
  }

  /** What keeps it from working, which only a new process would mend; empty if nothing does. */
  public Optional<String> illness() {
    Duration silence = Duration.ofNanos(System.nanoTime() - lastTurn);
    return silence.compareTo(LONGEST_SILENCE) > 0
        ? Optional.of(
            "the topology manager's thread has not moved for " + silence.toSeconds() + " s")
        : Optional.empty();
  }

  /** Where it listens. */
  public TManagerLocation location() {
    return location;
  }

  private void establish() {
    try {
      place.establish(config.establishRetries(), config.establishInterval());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (StateException e) {
      fatal.accept(e);
      return;
    }
    established = true;
    LOG.info(
        "topology manager of {} at {}: server {}, controller {}, statistics {}",
        config.topologyId(),
        location.getHost(),
        location.getServerPort(),
        location.getControllerPort(),
        location.getStatsPort());
    packingWatch =
        state.watch(
            StateKind.PACKING_PLAN, config.topologyName(), plan -> run(() -> packingChanged(plan)));
    locationWatch =
        state.watch(
            StateKind.TMANAGER_LOCATION,
            config.topologyName(),
            found -> run(() -> checkPlace(found)));
  }

  /** Two topology managers must not be: the one whose node is replaced goes. */
  private void checkPlace(Optional<TManagerLocation> found) {
    if (found.isEmpty()) {
      restoreAfterAWhile();
    } else if (!found.get().equals(location)) {
      established = false;
      fatal.accept(
          new StateException(
              "another topology manager has taken over at "
                  + found.get().getHost()
                  + ":"
                  + found.get().getControllerPort()));
    }
  }

  /** Not at once: a restart removes the node because we are about to go. */
  private void restoreAfterAWhile() {
    Duration pause = config.establishInterval().multipliedBy(INTERVALS_TO_RESTORE);
    restoring.ifPresent(before -> before.cancel(false));
    restoring =
        Optional.of(
            thread.schedule(guarded(this::restorePlace), pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void restorePlace() {
    try {
      if (place.restore()) {
        LOG.info("tmanagers/{} was removed, and is written again", config.topologyName());
      }
    } catch (StateException e) {
      LOG.warn("{}; trying again", e.getMessage());
      restoreAfterAWhile();
    }
  }

  private void packingChanged(Optional<PackingPlan> plan) {
    if (plan.isEmpty()) {
      LOG.info("there is no packing plan for {} (yet)", config.topologyName());
      return;
    }
    if (board == null) {
      packing = plan;
      load();
    } else if (isUsable(plan.get(), board.topology()) && board.repack(plan.get())) {
      LOG.info("the packing plan has changed; waiting for {}", board.awaited());
      schedulePublication(Duration.ZERO);
    }
  }

  private boolean isUsable(PackingPlan plan, Topology topology) {
    Optional<String> problem = PackingCheck.problem(plan, topology);
    problem.ifPresent(
        text ->
            LOG.error(
                "packingplans/{} cannot be used: {}; what is in force stays, waiting for another",
                config.topologyName(),
                text));
    return problem.isEmpty();
  }

  /** Reads what the board starts from; tries again until it is there. */
  private void load() {
    if (board != null || packing.isEmpty()) {
      return;
    }
    try {
      Optional<Topology> topology = state.get(StateKind.TOPOLOGY, config.topologyName());
      if (topology.isEmpty()) {
        LOG.warn("topologies/{} is missing; trying again", config.topologyName());
        later(this::load);
        return;
      }
      if (!topology.get().getId().equals(config.topologyId())) {
        fatal.accept(
            new StateException(
                "topologies/"
                    + config.topologyName()
                    + " is of "
                    + topology.get().getId()
                    + ", not of "
                    + config.topologyId()));
        return;
      }
      if (!isUsable(packing.get(), topology.get())) {
        packing = Optional.empty();
        return;
      }
      PlanBoard loaded = new PlanBoard(topology.get(), packing.get());
      state
          .get(StateKind.PHYSICAL_PLAN, config.topologyName())
          .filter(stored -> stored.getTopology().getId().equals(config.topologyId()))
          .ifPresent(stored -> loaded.adopt(stored, clock.instant()));
      board = loaded;
      LOG.info("state {}; waiting for {}", board.state(), board.absent());
      schedulePublication(Duration.ZERO);
    } catch (StateException e) {
      LOG.warn("{}; trying again", e.getMessage());
      later(this::load);
    }
  }

  /** Several changes at about the same time make one plan. */
  private void schedulePublication(Duration delay) {
    if (!publishing) {
      publishing = true;
      thread.schedule(guarded(this::publish), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void publish() {
    publishing = false;
    board.nextPlan().ifPresent(this::publish);
  }

  /** Durable first, so that a restarted topology manager knows what containers know. */
  private void publish(PhysicalPlan plan) {
    try {
      state.put(StateKind.PHYSICAL_PLAN, config.topologyName(), plan);
    } catch (StateException e) {
      LOG.warn("the physical plan is not published yet: {}", e.getMessage());
      schedulePublication(RETRY);
      return;
    }
    board.inForce(plan);
    LOG.info(
        "physical plan: {}, {} containers, {} instances",
        plan.getTopology().getState(),
        plan.getStmgrsCount(),
        plan.getInstancesCount());
    board.broadcast(NewPhysicalPlanMessage.newBuilder().setNewPplan(plan).build());
  }

  /** Runs on the owner's thread and hands the result back. */
  <T> T call(java.util.function.Function<Optional<PlanBoard>, T> question) {
    try {
      return thread
          .submit(() -> question.apply(Optional.ofNullable(board)))
          .get(CALL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the topology manager is too busy", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Changes the topology and publishes the plan at once; on the owner's thread.
   *
   * @throws StateException if it cannot be written; nothing is changed then
   */
  void change(PlanBoard present, UnaryOperator<Topology> change) {
    Topology before = present.topology();
    present.changeTopology(change);
    try {
      present
          .nextPlan()
          .ifPresent(
              plan -> {
                state.put(StateKind.PHYSICAL_PLAN, config.topologyName(), plan);
                present.inForce(plan);
                LOG.info("physical plan: {}", plan.getTopology().getState());
                present.broadcast(NewPhysicalPlanMessage.newBuilder().setNewPplan(plan).build());
              });
    } catch (StateException e) {
      present.changeTopology(topology -> before);
      present.doubt();
      schedulePublication(RETRY);
      throw e;
    }
  }

  private void run(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(guarded(task));
    }
  }

  private void later(Runnable task) {
    thread.schedule(guarded(task), RETRY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) { // the edge of the thread
        LOG.error("the topology manager failed", e);
        fatal.accept(e);
      }
    };
  }

  /** Gives the place free and ends; containers keep running on their plan. */
  @Override
  public void close() {
    http.close();
    transport.close();
    thread.shutdownNow();
    if (packingWatch != null) {
      packingWatch.close();
    }
    if (locationWatch != null) {
      locationWatch.close();
    }
    if (established) {
      try {
        place.leave();
      } catch (StateException e) {
        LOG.warn("tmanagers/{} stays: {}", config.topologyName(), e.getMessage());
      }
    }
  }
}
