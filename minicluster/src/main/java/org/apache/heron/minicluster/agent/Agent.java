package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.minicluster.agent.fetcher.FetcherCache;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DomainInfo;

/**
 * A Mesos agent in this JVM, with its own HTTP port and work directory. It can be made to fail in
 * the ways in which agents fail. Thread-safe; each method returns when it has had its effect here,
 * which its master may hear of later.
 */
public final class Agent implements AutoCloseable {
  private final AgentSettings settings;
  private MasterLink master;
  private int port;
  private Optional<RunningAgent> running = Optional.empty();

  private Agent(AgentSettings settings, MasterLink master) throws IOException {
    this.settings = settings;
    this.master = master;
    this.port = settings.port();
    restart();
  }

  /** Begins the description of an agent. */
  public static Builder builder() {
    return new Builder();
  }

  /** The HTTP port, which stays the same over restarts. */
  public synchronized int port() {
    return port;
  }

  /** The work directory. */
  public Path workDirectory() {
    return settings.workDirectory();
  }

  /** The name it registers under. */
  public String hostname() {
    return settings.hostname();
  }

  /** The id that the master gave it; empty before that, and while it is down. */
  public synchronized Optional<AgentID> id() {
    return running.flatMap(RunningAgent::id);
  }

  /** True unless it was killed, shut down, or sent away by its master, and all of it has ended. */
  public synchronized boolean isRunning() {
    return running.filter(agent -> !agent.isDead()).isPresent();
  }

  /** Another master leads: the agent registers there with its id and tasks. */
  public synchronized void connect(MasterLink newMaster) {
    master = newMaster;
    running.ifPresent(agent -> agent.connect(newMaster));
  }

  /**
   * The agent's process dies. Tasks of frameworks that checkpoint live on, others die with it; the
   * master's connection breaks. Does nothing if it is down.
   */
  public synchronized void kill() {
    running.ifPresent(agent -> agent.die(false));
    running = Optional.empty();
  }

  /** The machine dies: agent and all tasks are gone at once, nobody says a word. */
  public synchronized void killWithTasks() {
    running.ifPresent(agent -> agent.die(true));
    running = Optional.empty();
  }

  /**
   * Starts the agent again on its work directory and port; it finds its id and the tasks that still
   * run. One that is about to end, for its master has sent it away, is waited for.
   *
   * @throws IOException if the port is taken or the directory cannot be read
   * @throws IllegalStateException if it runs
   */
  public synchronized void restart() throws IOException {
    if (running.filter(RunningAgent::isOpen).isPresent()) {
      throw new IllegalStateException("agent " + settings.hostname() + " runs already");
    }
    running.ifPresent(agent -> agent.die(false));
    RunningAgent started = new RunningAgent(settings, master, port);
    port = started.port();
    running = Optional.of(started);
  }

  /** The network to the master loses the agent's pings: it will be taken for unreachable. */
  public synchronized void pausePings() {
    running.ifPresent(agent -> agent.silence(true));
  }

  /** The network is well again; an agent that was taken for unreachable registers again. */
  public synchronized void resumePings() {
    running.ifPresent(
        agent -> {
          agent.silence(false);
          agent.connect(master);
        });
  }

  /**
   * The operator stops the agent in order: it leaves its master, its tasks are killed within their
   * grace periods.
   */
  public synchronized void shutdown() {
    running.ifPresent(RunningAgent::shutdown);
    running = Optional.empty();
  }

  /** Completes when the master has sent this life of the agent away, and all of it has ended. */
  public synchronized CompletableFuture<Void> sentAway() {
    return running.map(RunningAgent::sentAway).orElseGet(CompletableFuture::new);
  }

  /** Stops everything: no process of any task is left, also not of an agent that was killed. */
  @Override
  public synchronized void close() {
    running.ifPresent(RunningAgent::shutdownNow);
    running = Optional.empty();
    destroyTasks(settings.workDirectory());
  }

  /**
   * Kills the tasks that an agent which is down has left in its work directory.
   *
   * @throws java.io.UncheckedIOException if the directory cannot be read
   */
  public static void destroyTasks(Path workDirectory) {
    RunningAgent.destroyLeftovers(workDirectory);
  }

  /** What an agent is made from. Not thread-safe. */
  public static final class Builder {
    private String hostname = "localhost";
    private int port;
    private String resources = "cpus:4;mem:4096;disk:10000;ports:[31000-31999]";
    private String attributes = "";
    private Optional<DomainInfo> domain = Optional.empty();
    private Optional<Path> workDirectory = Optional.empty();
    private Optional<FetcherCache> cache = Optional.empty();
    private long cacheBytes = 2L << 30;
    private Duration fetchStallLimit = Duration.ofMinutes(1);
    private Duration registrationLimit = Duration.ofMinutes(1);
    private int parallelLaunches = 8;
    private Duration pingInterval = Duration.ofMillis(500);
    private int keptSandboxes = 50;
    private boolean switchUser = true;
    private Map<String, String> environment = System.getenv();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** The name that offers show; {@code localhost} unless called. It need not resolve. */
    public Builder hostname(String name) {
      this.hostname = name;
      return this;
    }

    /** The HTTP port; 0 (any free one) unless called. */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /**
     * As {@link ResourceFormat#parse}: with static reservations, gpus, and what is lent as
     * revocable to frameworks that know of it. Mesos' default sizes are not looked up.
     */
    public Builder resources(String text) {
      this.resources = text;
      return this;
    }

    /** As {@link AttributeText#attributes}; none unless called. */
    public Builder attributes(String text) {
      this.attributes = text;
      return this;
    }

    /** Region and zone; none unless called. */
    public Builder faultDomain(String region, String zone) {
      this.domain =
          Optional.of(
              DomainInfo.newBuilder()
                  .setFaultDomain(
                      DomainInfo.FaultDomain.newBuilder()
                          .setRegion(DomainInfo.FaultDomain.RegionInfo.newBuilder().setName(region))
                          .setZone(DomainInfo.FaultDomain.ZoneInfo.newBuilder().setName(zone)))
                  .build());
      return this;
    }

    /** Where sandboxes and records are; required. An agent that was there before goes on. */
    public Builder workDirectory(Path directory) {
      this.workDirectory = Optional.of(directory);
      return this;
    }

    /** A fetcher cache that several agents share; the agent does not close it. */
    public Builder fetcherCache(FetcherCache shared) {
      this.cache = Optional.of(shared);
      return this;
    }

    /** The size of the agent's own fetcher cache in bytes; 2 GiB unless called. */
    public Builder fetcherCacheBytes(long bytes) {
      this.cacheBytes = bytes;
      return this;
    }

    /** A download from which so long nothing comes fails; a minute unless called. */
    public Builder fetchStallLimit(Duration limit) {
      this.fetchStallLimit = limit;
      return this;
    }

    /**
     * A task whose processes do not run so long after its launch was begun fails: fetching counts.
     * Mesos' {@code --executor_registration_timeout}; a minute unless called.
     */
    public Builder executorRegistrationTimeout(Duration limit) {
      this.registrationLimit = limit;
      return this;
    }

    /** How many tasks are fetched for and started at a time; 8 unless called. */
    public Builder parallelLaunches(int count) {
      this.parallelLaunches = count;
      return this;
    }

    /** How often the master hears that the agent lives; half a second unless called. */
    public Builder pingInterval(Duration interval) {
      this.pingInterval = interval;
      return this;
    }

    /** How many sandboxes of ended tasks stay to be looked at; 50 unless called. */
    public Builder keptSandboxes(int count) {
      this.keptSandboxes = count;
      return this;
    }

    /** Whether tasks run as their user if the agent is root (true unless called), or as root. */
    public Builder switchUser(boolean yes) {
      this.switchUser = yes;
      return this;
    }

    /** The environment that tasks inherit; this process' unless called. */
    public Builder environment(Map<String, String> variables) {
      this.environment = variables;
      return this;
    }

    /** Tells the time of statuses and logs. */
    public Builder clock(Clock newClock) {
      this.clock = newClock;
      return this;
    }

    /**
     * Starts the agent, which registers with the master.
     *
     * @throws IOException if the port is taken or the work directory cannot be used
     * @throws IllegalArgumentException if a description is malformed; the message names the part
     */
    public Agent start(MasterLink master) throws IOException {
      Path directory =
          workDirectory.orElseThrow(
              () -> new IllegalArgumentException("an agent needs a workDirectory"));
      return new Agent(
          new AgentSettings(
              hostname,
              "127.0.0.1",
              port,
              resources,
              attributes,
              ResourceFormat.parse(resources),
              AttributeText.attributes(attributes),
              domain,
              directory,
              cache,
              cacheBytes,
              fetchStallLimit,
              registrationLimit,
              parallelLaunches,
              pingInterval,
              keptSandboxes,
              switchUser,
              environment,
              clock),
          master);
    }
  }
}
