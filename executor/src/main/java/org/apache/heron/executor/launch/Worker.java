package org.apache.heron.executor.launch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.heron.executor.flags.ExecutorFlags;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;
import org.apache.heron.executor.plane.DataPlaneListener;
import org.apache.heron.executor.registration.ContainerRegistration;
import org.apache.heron.executor.registration.RegistrationConfig;
import org.apache.heron.executor.tmanager.PackingCheck;
import org.apache.heron.executor.tmanager.PlannedInstances;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyConfig;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container with instances: runs a data plane as long as the packing plan has the container, and
 * keeps it registered. Thread-safe.
 */
final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final ExecutorFlags flags;
  private final Settings settings;
  private final Path directory;
  private final ContainerAddress address;
  private final int shellPort;
  private final IStateManager state;
  private final PlaneStarter starter;
  private final Consumer<Throwable> fatal;
  private final IStateManager.Watch watch;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "worker");
            made.setDaemon(true);
            return made;
          });

  // Written by the thread only.
  private ClassLoader classes;
  private Topology topology;
  private List<Instance> instances = List.of();
  private boolean leaving;
  private volatile boolean planned;
  private volatile Optional<DataPlane> plane = Optional.empty();
  private volatile Optional<ContainerRegistration> registration = Optional.empty();

  Worker(
      ExecutorFlags flags,
      Settings settings,
      Path directory,
      ContainerAddress address,
      int shellPort,
      IStateManager state,
      PlaneStarter starter,
      Consumer<Throwable> fatal) {
    this.flags = flags;
    this.settings = settings;
    this.directory = directory;
    this.address = address;
    this.shellPort = shellPort;
    this.state = state;
    this.starter = starter;
    this.fatal = fatal;
    this.watch =
        state.watch(
            StateKind.PACKING_PLAN, flags.topology().name(), plan -> run(() -> planned(plan)));
  }

  /** What the data plane has counted; empty while there is none. */
  Optional<ContainerCounters> counters() {
    return plane.map(DataPlane::counters);
  }

  /** The running data plane. */
  Optional<DataPlane> plane() {
    return plane;
  }

  /** Why the topology manager, which is there, does not take this container. */
  Optional<String> refusal() {
    return planned ? Optional.empty() : registration.flatMap(ContainerRegistration::obstacle);
  }

  /** Since when that is so. */
  Duration refusedFor() {
    return registration.map(ContainerRegistration::unregisteredFor).orElse(Duration.ZERO);
  }

  private void planned(Optional<PackingPlan> plan) {
    if (plan.isEmpty()) {
      // During a kill, and within upstream's updates (delete, then create): neither needs a change.
      LOG.info("there is no packing plan now");
      return;
    }
    if (topology == null) {
      topology =
          TopologyDefinition.read(directory.resolve(flags.topology().definitionFile())).topology();
    }
    Optional<String> problem = PackingCheck.problem(plan.get(), topology);
    if (problem.isPresent()) {
      LOG.error("the packing plan cannot be used: {}; waiting for another", problem.get());
      return;
    }
    plan.get().getContainerPlansList().stream()
        .filter(container -> container.getId() == flags.shard())
        .findFirst()
        .ifPresentOrElse(own -> follow(PlannedInstances.of(own)), this::leave);
  }

  private void follow(List<Instance> wanted) {
    ComponentProperties.apply(
            flags.jvm().componentOptions(),
            wanted.stream().map(instance -> instance.getInfo().getComponentName()).toList(),
            System.getProperties())
        .forEach(LOG::warn);
    boolean returning = leaving;
    leaving = false;
    if (plane.isEmpty()) {
      start(wanted);
    } else if (registration.isEmpty()) {
      LOG.info("container {} is in the packing plan again", flags.shard());
      instances = wanted;
      register(plane.get());
    } else if (returning || !wanted.equals(instances)) {
      LOG.info("the packing plan gives this container {} instances now", wanted.size());
      instances = wanted;
      registration.get().changeInstances(wanted);
    }
  }

  /**
   * The plan in force may still name this container: it goes on until it gets one that does not.
   * Its process is the scheduler's to end.
   */
  private void leave() {
    LOG.info(
        "container {} is not in the packing plan; {}",
        flags.shard(),
        plane.isEmpty()
            ? "only its shell runs"
            : "its instances run until a physical plan without it is in force");
    leaving = true;
  }

  private void start(List<Instance> wanted) {
    try {
      if (classes == null) {
        classes = TopologyClasses.open(flags, directory);
      }
      DataPlane started =
          starter.start(
              new DataPlaneConfig(
                  flags.shard(),
                  PlannedInstances.stmgrId(flags.shard()),
                  new InetSocketAddress(address.bind(), flags.port(ExecutorPort.SERVER)),
                  topology,
                  classes,
                  directory,
                  settings.values(),
                  new Listener()));
      TopologyConfig.of(topology).reliabilityMode().shortfall().ifPresent(LOG::warn);
      plane = Optional.of(started);
      instances = wanted;
      register(started);
    } catch (IOException e) {
      fatal.accept(new LaunchException("the data plane cannot start: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void register(DataPlane running) {
    registration =
        Optional.of(
            new ContainerRegistration(
                new RegistrationConfig(
                    flags.topology().name(),
                    flags.topology().id(),
                    self(running.port()),
                    Duration.ofSeconds(1),
                    settings.heartbeat(),
                    settings.report(),
                    settings.maxPlan()),
                state,
                instances,
                this::apply,
                running::counters,
                Clock.systemUTC()));
  }

  private void apply(PhysicalPlan plan) {
    plane.ifPresent(running -> running.applyPlan(plan));
    planned = true;
    String self = PlannedInstances.stmgrId(flags.shard());
    if (plan.getStmgrsList().stream().noneMatch(stmgr -> stmgr.getId().equals(self))) {
      run(this::left);
    }
  }

  /** A physical plan without this container is in force; it may be that it is to join later. */
  private void left() {
    if (leaving && registration.isPresent()) {
      LOG.info("a physical plan without container {} is in force", flags.shard());
      registration.get().close();
      registration = Optional.empty();
    }
  }

  private StMgr self(int dataPort) {
    return StMgr.newBuilder()
        .setId(PlannedInstances.stmgrId(flags.shard()))
        .setHostName(address.host())
        .setDataPort(dataPort)
        // Upstream's stream managers serve their instances there; ours are in this process.
        .setLocalDataPort(flags.port(ExecutorPort.TMANAGER_CONTROLLER))
        .setLocalEndpoint("/unused")
        .setCwd(directory.toString())
        .setPid((int) ProcessHandle.current().pid())
        .setShellPort(shellPort)
        .build();
  }

  private void stop() {
    registration.ifPresent(ContainerRegistration::close);
    registration = Optional.empty();
    plane.ifPresent(DataPlane::close);
    plane = Optional.empty();
    instances = List.of();
  }

  private final class Listener implements DataPlaneListener {
    @Override
    public void planApplied(PhysicalPlan plan) {
      LOG.info("the plan is in force: {}", plan.getTopology().getState());
    }

    @Override
    public void peerUnreachable(String stmgrId, String reason) {
      LOG.warn("{} cannot be reached: {}", stmgrId, reason);
    }

    @Override
    public void instanceFailed(String instanceId, Throwable cause, Duration restartIn) {
      LOG.error("{} failed; a new one starts in {}", instanceId, restartIn, cause);
    }

    @Override
    public void fatal(Throwable cause) {
      fatal.accept(cause);
    }
  }

  private void run(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException | LinkageError e) { // the edge of the thread
              fatal.accept(e);
            }
          });
    }
  }

  @Override
  public void close() {
    watch.close();
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS)) {
        LOG.warn("the container's worker does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
  }
}
