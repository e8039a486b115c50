package org.apache.heron.executor.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.executor.flags.ExecutorFlags;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.prometheus.Labels;
import org.apache.heron.executor.prometheus.MetricsServer;
import org.apache.heron.executor.shell.ContainerShell;
import org.apache.heron.executor.shell.ShellConfig;
import org.apache.heron.executor.sinks.Sinks;
import org.apache.heron.executor.tmanager.TopologyManager;
import org.apache.heron.executor.tmanager.TopologyManagerConfig;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.statemgr.IStateManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container: its web shell, and the topology manager (container 0) or a worker. Parts are
 * closed in the opposite order of their start. Thread-safe.
 */
final class Container implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Container.class);

  /** What a container that was asked to end through its shell exits with: SIGTERM's number. */
  private static final int KILLED = 15;

  private final ExecutorFlags flags;
  private final Path directory;
  private final PlaneStarter starter;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private volatile Optional<Worker> worker = Optional.empty();
  private volatile Optional<TopologyManager> manager = Optional.empty();
  private volatile Duration grace = Duration.ZERO;
  private boolean closed;

  Container(ExecutorFlags flags, Path directory, PlaneStarter starter) {
    this.flags = flags;
    this.directory = directory;
    this.starter = starter;
  }

  /** Completes with an exit code when the container is to end. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  /**
   * Starts everything.
   *
   * @throws LaunchException or another unchecked exception if it cannot; what was started is closed
   *     by {@link #close}
   */
  void start(Settings settings, Map<String, String> environment) {
    Path logDirectory = directory.resolve(settings.logDirectory());
    grace = settings.healthGrace();
    try {
      Files.createDirectories(logDirectory);
      writePidFile();
    } catch (IOException e) {
      throw new LaunchException("the container's directory cannot be written: " + e, e);
    }
    LogFiles logs =
        LogFiles.open(
            directory,
            logDirectory,
            settings.maxLogBytes(),
            settings.maxLogFiles(),
            flags.shard(),
            flags.topology().id());
    own(logs::close);
    UserOutput.capture();
    ContainerAddress address =
        ContainerAddress.choose(
            environment, settings.bindHost(), flags.state().connection(), new ThisHost());
    LOG.info(
        "container {} of {}, process {}, at {} (listening on {})",
        flags.shard(),
        flags.topology().id(),
        ProcessHandle.current().pid(),
        address.host(),
        address.bind().getHostAddress());
    try {
      ContainerShell shell = startShell(address, logDirectory);
      startMetrics(address);
      IStateManager state = StateConnection.open(settings.config());
      own(state);
      if (flags.shard() == 0) {
        TopologyManager started = startTopologyManager(settings, address, state);
        own(started);
        manager = Optional.of(started);
      } else {
        Worker started =
            new Worker(
                flags, settings, directory, address, shell.port(), state, starter, this::fail);
        own(started);
        worker = Optional.of(started);
      }
    } catch (IOException e) {
      throw new LaunchException(e.getMessage(), e);
    }
  }

  private ContainerShell startShell(ContainerAddress address, Path logDirectory)
      throws IOException {
    ContainerShell shell =
        ContainerShell.start(
            new ShellConfig(
                flags.shard(),
                flags.topology().id(),
                directory,
                logDirectory,
                address.bind(),
                flags.port(ExecutorPort.SHELL)),
            new ShellControl());
    own(shell);
    return shell;
  }

  private void startMetrics(ContainerAddress address) {
    String place = flags.cluster() + "/" + flags.role() + "/" + flags.environment();
    MetricsServer.start(
            directory,
            flags.files().metricsSinks(),
            address.bind(),
            flags.shard(),
            new Labels(flags.topology().name(), place),
            () -> worker.flatMap(Worker::counters))
        .ifPresent(this::own);
    own(
        Sinks.start(
            directory,
            flags.files().metricsSinks(),
            flags.shard(),
            address.host(),
            () -> worker.flatMap(Worker::counters)));
  }

  private TopologyManager startTopologyManager(
      Settings settings, ContainerAddress address, IStateManager state) throws IOException {
    return TopologyManager.start(
        new TopologyManagerConfig(
            flags.topology().name(),
            flags.topology().id(),
            address.host(),
            address.bind(),
            flags.port(ExecutorPort.SERVER),
            flags.port(ExecutorPort.TMANAGER_CONTROLLER),
            flags.port(ExecutorPort.TMANAGER_STATS),
            settings.establishRetries(),
            settings.establishInterval(),
            settings.memberTimeout(),
            settings.maxPacket(),
            settings.historyMinutes(),
            settings.maxExceptions()),
        state,
        this::fail,
        Clock.systemUTC());
  }

  /** What the web shell may do to the container. */
  private final class ShellControl implements ContainerShell.Control {
    @Override
    public Optional<ContainerCounters> counters() {
      return worker.flatMap(Worker::counters);
    }

    @Override
    public Optional<String> illness() {
      Optional<String> ending =
          exit.isDone() ? Optional.of("exit code " + exit.join()) : Optional.empty();
      Optional<String> engine =
          worker
              .flatMap(Worker::plane)
              .flatMap(DataPlane::illness)
              .or(() -> manager.flatMap(TopologyManager::illness));
      return new Vitals(
              ending,
              engine,
              worker.flatMap(Worker::refusal),
              worker.map(Worker::refusedFor).orElse(Duration.ZERO))
          .illness(grace);
    }

    @Override
    public void killContainer() {
      LOG.warn("asked to end by the web shell");
      exit.complete(KILLED);
    }

    @Override
    public boolean restartInstance(String instanceId) {
      return worker.flatMap(Worker::plane).map(p -> p.restartInstance(instanceId)).orElse(false);
    }
  }

  /** Whole or not at all, for those who read it. */
  private void writePidFile() throws IOException {
    String name = "heron-executor-" + flags.shard() + ".pid";
    Path temporary = Files.createTempFile(directory, name, ".heron.tmp");
    Files.writeString(
        temporary, Long.toString(ProcessHandle.current().pid()), StandardCharsets.US_ASCII);
    Files.setPosixFilePermissions(
        temporary, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(
        temporary,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void fail(Throwable cause) {
    LOG.error("the container ends: {}", cause.getMessage(), cause);
    exit.complete(1);
  }

  private synchronized void own(AutoCloseable part) {
    parts.push(part);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    LOG.info("container {} ends", flags.shard());
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) { // the others are to be closed all the same
        LOG.warn("a part of the container did not close", e);
      }
    }
  }
}
