package org.apache.heron.service.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.service.arguments.SchedulerArguments;
import org.apache.heron.service.http.HttpHost;
import org.apache.heron.service.http.SchedulerEndpoints;
import org.apache.heron.service.logging.SchedulerLog;
import org.apache.heron.service.plugin.SchedulerPlugin;
import org.apache.heron.service.update.PlanUpdates;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.process.AtExit;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.apache.heron.spi.topology.TopologyException;
import org.apache.heron.statemgr.StateManagers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules one topology: reads what the working directory and shared state hold, starts the
 * scheduler that the configuration names, answers commands, and ends when the scheduler has.
 */
public final class SchedulerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerProcess.class);

  private static final long SHUTDOWN_SECONDS = 10;

  private final SchedulerArguments arguments;
  private final Path directory;

  /**
   * @param directory that holds {@code <topology>.defn} and {@code heron-conf}
   */
  public SchedulerProcess(SchedulerArguments arguments, Path directory) {
    this.arguments = arguments;
    this.directory = directory;
  }

  /** Runs to the end, and returns the exit code; an error is one line on stderr. */
  public int run() {
    CountDownLatch ended = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    AtExit.perform(AtExit.Rank.WORK, "scheduler-shutdown", () -> endInOrder(main, ended));
    try {
      TopologyDefinition.validateName(arguments.topology());
      Path log = SchedulerLog.begin(directory, arguments.topology(), arguments.verbose());
      System.out.println("the log is " + log);
      schedule();
      LOG.info("the scheduler of topology {} ends: killed", arguments.topology());
      return 0;
    } catch (SchedulerException
        | ConfigException
        | StateException
        | TopologyException
        | PackingException e) {
      return failed(e.getMessage(), e);
    } catch (IOException e) {
      return failed(e.getMessage(), e);
    } catch (InterruptedException e) {
      return failed("the process was told to end; containers run on", e);
    } catch (Throwable e) { // the process' edge
      return failed(e.toString(), e);
    } finally {
      SchedulerLog.end();
      ended.countDown();
    }
  }

  private int failed(String message, Throwable cause) {
    try {
      LOG.error("the scheduler of topology {} ends: {}", arguments.topology(), message, cause);
    } catch (LinkageError e) {
      // The log needs a class that is not there any more; what counts is said below.
      System.err.println("the log cannot be written: " + e);
    }
    System.err.println("Failed to schedule topology '" + arguments.topology() + "': " + message);
    return 1;
  }

  private void schedule() throws IOException, InterruptedException {
    Topology topology =
        TopologyDefinition.read(directory.resolve(arguments.topology() + ".defn")).topology();
    if (!topology.getName().equals(arguments.topology())) {
      throw new SchedulerException(
          arguments.topology() + ".defn is of topology '" + topology.getName() + "'");
    }
    Config config = config(topology);
    LOG.info("scheduling topology {} ({})", topology.getName(), topology.getId());
    try (IStateManager state = StateManagers.open(config)) {
      // Said at once if there is none, and read again when this process comes to lead.
      plan(state);
      serve(topology, config, state);
    }
  }

  private PackingPlan plan(IStateManager state) {
    return state
        .get(StateKind.PACKING_PLAN, arguments.topology())
        .map(PackingPlanProtos::fromProto)
        .orElseThrow(
            () ->
                new SchedulerException(
                    "there is no packing plan of it in shared state; submit it again"));
  }

  private Config config(Topology topology) {
    Map<Key, String> values =
        Map.of(
            Key.CLUSTER, arguments.cluster(),
            Key.ROLE, arguments.role(),
            Key.ENVIRON, arguments.environment(),
            Key.TOPOLOGY_ID, topology.getId(),
            Key.TOPOLOGY_NAME, topology.getName(),
            Key.TOPOLOGY_DEFINITION_FILE, topology.getName() + ".defn",
            Key.TOPOLOGY_BINARY_FILE, baseName(arguments.topologyBinary()));
    Config raw = ConfigLoader.loadCluster(directory);
    for (Map.Entry<Key, String> value : values.entrySet()) {
      raw = raw.with(value.getKey(), value.getValue());
    }
    for (Map.Entry<String, String> property : arguments.properties().entrySet()) {
      raw = raw.with(property.getKey(), property.getValue());
    }
    return ConfigLoader.cluster(raw);
  }

  // The release file is in the package, but upstream's scheduler does not read it as configuration.
  private String version() {
    Path release = directory.resolve("heron-conf").resolve("release.yaml");
    return ConfigLoader.loadFiles(List.of(release)).optionalString(Key.BUILD_VERSION).orElse("");
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void serve(Topology topology, Config config, IStateManager state)
      throws IOException, InterruptedException {
    try (IScheduler scheduler = SchedulerPlugin.create(config, getClass().getClassLoader())) {
      scheduler.initialize(
          new SchedulerContext(
              config, topology, state, directory, arguments.properties(), arguments.standby()));
      String host = HttpHost.of(config);
      String version = version();
      PlanUpdates updates = new PlanUpdates(state, topology.getName(), topology.getId(), scheduler);
      try (SchedulerEndpoints endpoints =
              new SchedulerEndpoints(
                  host, arguments.httpPort(), topology.getName(), version, scheduler, updates);
          LocationNode location =
              new LocationNode(state, topology.getName(), host + ":" + endpoints.port());
          Leading leading =
              new Leading(scheduler::leads, List.of(location, new Updating(updates)))) {
        scheduler.listensAt(host + ":" + endpoints.port());
        scheduler.onSchedule(() -> updates.planToSchedule(plan(state)));
        location.follow(scheduler::jobLinks);
        leading.follow();
        System.out.println(
            (arguments.standby() ? "stands by at " : "answers at ")
                + host
                + ":"
                + endpoints.port());
        await(CompletableFuture.anyOf(scheduler.finished(), leading.failed()));
        LOG.info("nothing of the topology is left");
      } finally {
        updates.close();
      }
    }
  }

  /** Updates go on in whichever process leads. */
  private static final class Updating implements Leading.Duty {
    private final PlanUpdates updates;
    private boolean attended;

    Updating(PlanUpdates updates) {
      this.updates = updates;
    }

    @Override
    public void attend() {
      if (!attended) {
        updates.begin();
        attended = true;
      }
    }

    @Override
    public void leave() {
      if (attended) {
        updates.end();
        attended = false;
      }
    }
  }

  /**
   * A process that is told to end lets go of the cluster and of shared state; its containers run
   * on.
   */
  private static void endInOrder(Thread main, CountDownLatch ended) {
    main.interrupt();
    try {
      if (!ended.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("not everything was closed within {} s", SHUTDOWN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CompletableFuture<?> end) throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof SchedulerException known
          ? known
          : new SchedulerException("the scheduler has failed: " + cause, cause);
    }
  }
}
