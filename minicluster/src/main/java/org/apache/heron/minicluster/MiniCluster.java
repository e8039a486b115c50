package org.apache.heron.minicluster;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.heron.minicluster.agent.Agent;
import org.apache.heron.minicluster.master.Faults;
import org.apache.heron.minicluster.master.Master;
import org.apache.heron.minicluster.master.MasterOptions;
import org.apache.heron.minicluster.master.Registry;
import org.apache.heron.minicluster.operator.Operator;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster in this JVM: a ZooKeeper server, Mesos masters that elect their leader in it, agents
 * that run real processes. It can be made to fail on demand. All listens on loopback. Thread-safe;
 * {@link #close} leaves no process, thread, port, and no file in a directory of its own.
 */
public final class MiniCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MiniCluster.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final String MESOS_PATH = "/mesos";

  private final Path directory;
  private final boolean ownsDirectory;
  private final Optional<EmbeddedZooKeeper> zooKeeper;
  private final AtomicReference<Master> leader = new AtomicReference<>();

  /** The last leader of whom all agents have been told. */
  private final AtomicReference<Master> announced = new AtomicReference<>();

  private final List<Agent> agents = new CopyOnWriteArrayList<>();
  private final List<Master> masters = new CopyOnWriteArrayList<>();
  private final Object election = new Object();
  private final MasterOptions options;
  private final Operator operator = new Operator(this::masterAddress);
  private volatile boolean closed;

  private MiniCluster(Builder builder) throws IOException {
    ownsDirectory = builder.directory.isEmpty();
    directory =
        ownsDirectory
            ? Files.createTempDirectory("minicluster-")
            : Files.createDirectories(builder.directory.get());
    EmbeddedZooKeeper server = null;
    try {
      if (builder.withZooKeeper) {
        server = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), builder.zooKeeperPort);
      }
    } catch (IOException | RuntimeException e) {
      deleteOwnDirectory();
      throw e;
    }
    zooKeeper = Optional.ofNullable(server);
    MasterOptions described = builder.masterOptions;
    try {
      if (builder.registryOnDisk.isPresent()) {
        described =
            described.withRegistry(
                Registry.onDisk(directory.resolve("registry"), builder.registryOnDisk.get()));
      }
    } catch (IOException e) {
      zooKeeper.ifPresent(EmbeddedZooKeeper::close);
      throw e;
    }
    MasterOptions remembering = described;
    options =
        zooKeeper
            .map(
                zk ->
                    remembering.withLeaderElection(
                        new MasterOptions.ZooKeeperPath(
                            zk.connectString(), MESOS_PATH, Duration.ofSeconds(10))))
            .orElse(remembering);
    try {
      startAll(builder);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startAll(Builder builder) throws IOException {
    for (int i = 0; i < builder.masterCount; i++) {
      int port = options.port() == 0 ? 0 : options.port() + i;
      masters.add(Master.start(options.withPort(port), this::elected));
    }
    awaitLeader(Optional.empty());
    for (int i = 0; i < builder.agents.size(); i++) {
      Agent.Builder agent =
          Agent.builder()
              .hostname("agent" + (i + 1) + ".example")
              .workDirectory(directory.resolve("agent" + (i + 1)));
      builder.agents.get(i).accept(agent);
      startAgent(agent);
    }
    awaitAgents(START_LIMIT);
  }

  /**
   * Kills the tasks that a cluster has left whose process died; its agents must not run.
   *
   * @param directory as {@link Builder#directory} was told
   * @throws IOException if the directory cannot be read
   */
  public static void destroyTasks(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> agents = Files.newDirectoryStream(directory, "agent*")) {
      agents.forEach(Agent::destroyTasks);
    }
  }

  /** Begins a cluster's description: one master, ZooKeeper, no agents, free ports. */
  public static Builder builder() {
    return new Builder();
  }

  /** A cluster of one master and so many agents of four cpus and 4 GiB each. */
  public static MiniCluster start(int agents) throws IOException {
    return builder().agents(agents).start();
  }

  private void elected(Master master) {
    leader.set(master);
    agents.forEach(agent -> agent.connect(master.link()));
    synchronized (election) {
      announced.set(master);
      election.notifyAll();
    }
  }

  /** Waits for one that leads, and is not the one before. */
  private void awaitLeader(Optional<Master> before) throws IOException {
    await(
        () ->
            Optional.ofNullable(announced.get())
                .filter(Master::isLeading)
                .filter(master -> before.stream().noneMatch(old -> old == master))
                .isPresent(),
        START_LIMIT,
        "no master was elected");
  }

  private void await(BooleanSupplier condition, Duration limit, String complaint)
      throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (election) {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          throw new IOException(complaint + " within " + limit.toSeconds() + " s");
        }
        try {
          election.wait(20);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for the cluster", e);
        }
      }
    }
  }

  /** Starts one more agent; it registers in its own time. */
  public Agent startAgent(Agent.Builder description) throws IOException {
    Master leading = leader();
    Agent agent = description.start(leading.link());
    agents.add(agent);
    if (leader() != leading) { // elected meanwhile, who told only the agents that were there
      agent.connect(leader().link());
    }
    return agent;
  }

  /**
   * Waits until every agent that runs is registered.
   *
   * @throws IOException if one is not within the limit
   */
  public void awaitAgents(Duration limit) throws IOException {
    await(
        () -> agents.stream().allMatch(agent -> !agent.isRunning() || agent.id().isPresent()),
        limit,
        "agents did not register");
  }

  /** {@code host:port} of the leading master. */
  public String masterAddress() {
    return "127.0.0.1:" + leader().port();
  }

  /**
   * {@code zk://host:port/mesos}, where the leader is found; or the master's address without
   * ZooKeeper.
   */
  public String masterUri() {
    return zooKeeper
        .map(zk -> "zk://" + zk.connectString() + MESOS_PATH)
        .orElseGet(this::masterAddress);
  }

  /**
   * The ZooKeeper server.
   *
   * @throws IllegalStateException if the cluster was built without
   */
  public EmbeddedZooKeeper zooKeeper() {
    return zooKeeper.orElseThrow(() -> new IllegalStateException("built without ZooKeeper"));
  }

  /** The master that leads, or led last. */
  public Master leader() {
    return leader.get();
  }

  /** All masters that run. */
  public List<Master> masters() {
    return List.copyOf(masters);
  }

  /** All agents in the order of their start, also those that were killed. */
  public List<Agent> agents() {
    return List.copyOf(agents);
  }

  /** The first, second, … agent, from 0. */
  public Agent agent(int index) {
    return agents.get(index);
  }

  /** Where ZooKeeper and agents keep their files. */
  public Path directory() {
    return directory;
  }

  /**
   * The operator's calls to the leading master: maintenance, draining, reservations, weights; see
   * {@link #agentId} for whom they are about.
   */
  public Operator operator() {
    return operator;
  }

  /**
   * The id of the first, second, … agent, from 0.
   *
   * @throws IllegalStateException if it is not registered
   */
  public AgentID agentId(int index) {
    return agent(index)
        .id()
        .orElseThrow(
            () -> new IllegalStateException("agent " + index + " is down or not registered yet"));
  }

  /** Faults between the leading master and frameworks. */
  public Faults faults() {
    return leader().faults();
  }

  /** Cuts a framework's event stream; false if it is not connected. */
  public boolean cutStream(FrameworkID framework) throws Exception {
    return leader().cutStream(framework);
  }

  /**
   * The leading master dies; another takes its place: one of the others, or a new one on the same
   * port that knows nothing. Returns when it leads and agents are told.
   */
  public void failOverMaster() throws IOException {
    Master dead = leader();
    stopLeader();
    Master replacement = Master.start(options.withPort(dead.port()), this::elected);
    masters.add(replacement);
    awaitLeader(Optional.of(dead));
  }

  /** The leading master dies and nobody takes its place, unless there are others. */
  public void stopLeader() {
    Master dead = leader();
    masters.remove(dead);
    dead.close();
  }

  /** Starts a master on that port, after {@link #stopLeader}. */
  public Master startMaster(int port) throws IOException {
    Master started = Master.start(options.withPort(port), this::elected);
    masters.add(started);
    return started;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    agents.forEach(agent -> quietly("agent " + agent.hostname(), agent));
    masters.forEach(master -> quietly("master", master));
    zooKeeper.ifPresent(server -> quietly("ZooKeeper", server));
    deleteOwnDirectory();
  }

  private static void quietly(String what, AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) { // the rest must be closed all the same
      LOG.warn("{} did not stop in order", what, e);
    }
  }

  private void deleteOwnDirectory() {
    if (!ownsDirectory) {
      return;
    }
    try {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      LOG.warn("cannot delete {}", directory, e);
    }
  }

  /** What a cluster is made of. Not thread-safe. */
  public static final class Builder {
    private final List<Consumer<Agent.Builder>> agents = new ArrayList<>();
    private Optional<Path> directory = Optional.empty();
    private Optional<Duration> registryOnDisk = Optional.empty();
    private boolean withZooKeeper = true;
    private int zooKeeperPort;
    private int masterCount = 1;
    private MasterOptions masterOptions = MasterOptions.defaults();

    private Builder() {}

    /** Where ZooKeeper and agents keep their files; a temporary directory unless called. */
    public Builder directory(Path path) {
      this.directory = Optional.of(path);
      return this;
    }

    /** No ZooKeeper: one master that leads alone. */
    public Builder withoutZooKeeper() {
      this.withZooKeeper = false;
      return this;
    }

    /** ZooKeeper's port; 0 (any free one) unless called. */
    public Builder zooKeeperPort(int port) {
      this.zooKeeperPort = port;
      return this;
    }

    /** The first master's port, others have those after it; 0 (any free ones) unless called. */
    public Builder masterPort(int port) {
      this.masterOptions = masterOptions.withPort(port);
      return this;
    }

    /** How many masters; 1 unless called. More than one need ZooKeeper. */
    public Builder masters(int count) {
      this.masterCount = count;
      return this;
    }

    /** Changes the masters' options, which are Mesos' defaults at first. */
    public Builder master(UnaryOperator<MasterOptions> change) {
      this.masterOptions = change.apply(masterOptions);
      return this;
    }

    /**
     * The masters' fault domain. Agents of another region are offered only to frameworks that are
     * REGION_AWARE; agents without a domain are of this one.
     */
    public Builder faultDomain(String region, String zone) {
      return master(options -> options.withDomain(MasterOptions.faultDomain(region, zone)));
    }

    /**
     * A new leader remembers the agents of the one before, as Mesos' masters with a replicated log
     * do: of tasks on those that are not back yet it says nothing, and of tasks that come back it
     * tells only who asks. Else it knows nothing, and tells what it learns.
     *
     * @param agentReregisterTimeout how long it waits for them before they are unreachable
     */
    public Builder keepRegistry(Duration agentReregisterTimeout) {
      return master(options -> options.withRegistry(new Registry(agentReregisterTimeout)));
    }

    /**
     * As {@link #keepRegistry}, in a file of the cluster's directory: so a cluster that is built
     * again in the directory of one whose process died goes on with its agents and their tasks.
     */
    public Builder registryOnDisk(Duration agentReregisterTimeout) {
      this.registryOnDisk = Optional.of(agentReregisterTimeout);
      return this;
    }

    /** The time between two rounds of offers; one second unless called, as in Mesos. */
    public Builder allocationInterval(Duration interval) {
      return master(options -> options.withAllocationInterval(interval));
    }

    /** So many agents of the default size, more than those that were named before. */
    public Builder agents(int count) {
      for (int i = 0; i < count; i++) {
        agent(description -> {});
      }
      return this;
    }

    /**
     * One more agent with these resources and attributes, both as the agent's flags have them:
     * {@code agent("cpus(heron):2;cpus:2;mem:4096;gpus:1;ports:[31000-31099]", "rack:a;ssd:true")}.
     */
    public Builder agent(String resources, String attributes) {
      return agent(description -> description.resources(resources).attributes(attributes));
    }

    /**
     * One more agent; its name ({@code agent1.example}, …) and work directory are set already and
     * may be changed.
     */
    public Builder agent(Consumer<Agent.Builder> description) {
      agents.add(description);
      return this;
    }

    /**
     * Starts all, and waits until a master leads and the agents are registered.
     *
     * @throws IOException if a port is taken or a directory cannot be used; nothing is left running
     */
    public MiniCluster start() throws IOException {
      if (masterCount < 1 || (masterCount > 1 && !withZooKeeper)) {
        throw new IllegalArgumentException(
            masterCount + " masters: there must be one, and ZooKeeper if there are more");
      }
      return new MiniCluster(this);
    }
  }
}
