package org.apache.heron.minicluster.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.minicluster.agent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster each part of which is a process: ZooKeeper, a Mesos master with its registry on disk,
 * agents. All listen on loopback. A part that was killed and is started again goes on with what it
 * has on disk: ZooKeeper with its data, the master with the agents that it knew, an agent with the
 * tasks that live on. Thread-safe; {@link #close} leaves no process, nor does the end of our own.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneCluster.class);
  private static final String MESOS_PATH = "/mesos";

  private final Part zooKeeper;
  private final Part master;
  private final List<Part> agents = new ArrayList<>();
  private final List<Path> workDirectories = new ArrayList<>();

  private StandaloneCluster(Settings settings) throws IOException {
    Path directory = Files.createDirectories(settings.directory().toAbsolutePath());
    zooKeeper =
        part(directory, "zookeeper", "zookeeper", Map.of("directory", directory.resolve("data")));
    try {
      zooKeeper.start();
      Map<String, Object> options = new LinkedHashMap<>();
      options.put("zookeeper", zooKeeper.address());
      options.put("path", MESOS_PATH);
      options.put("session-millis", settings.masterSession().toMillis());
      options.put("registry", directory.resolve("registry"));
      options.put("reregister-millis", settings.agentReregisterTimeout().toMillis());
      options.put("allocation-millis", settings.allocationInterval().toMillis());
      options.put("ping-timeout-millis", settings.agentPingTimeout().toMillis());
      options.put("ping-timeouts", settings.maxAgentPingTimeouts());
      master = part(directory, "master", "master", options);
      master.start();
      for (String resources : settings.agentResources()) {
        addAgent(directory, resources);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void addAgent(Path directory, String resources) throws IOException {
    String name = "agent" + (agents.size() + 1);
    Path work = directory.resolve(name);
    Part agent =
        part(
            directory,
            name,
            "agent",
            Map.of(
                "master",
                master.address(),
                "hostname",
                "localhost",
                "resources",
                resources,
                "directory",
                work));
    agents.add(agent);
    workDirectories.add(work);
    agent.start();
  }

  private static Part part(Path directory, String name, String kind, Map<String, Object> options)
      throws IOException {
    return new Part(directory, name, kind, Options.words(options));
  }

  /**
   * What a cluster is made of.
   *
   * @param directory for all its files
   * @param agentResources of each agent, as its flag has them
   * @param allocationInterval between two rounds of offers
   * @param agentPingTimeout how long an agent may be silent before a ping counts as missed
   * @param maxAgentPingTimeouts missed pings after which an agent is unreachable
   * @param agentReregisterTimeout how long a master that starts waits for the agents that it knew
   * @param masterSession after which ZooKeeper takes a master for dead, so that the next may lead
   */
  public record Settings(
      Path directory,
      List<String> agentResources,
      Duration allocationInterval,
      Duration agentPingTimeout,
      int maxAgentPingTimeouts,
      Duration agentReregisterTimeout,
      Duration masterSession) {
    /** Copies the list. */
    public Settings {
      agentResources = List.copyOf(agentResources);
    }
  }

  /**
   * Starts all parts; agents register in their own time, when the master leads.
   *
   * @throws IOException if one cannot be started; none is left running then
   */
  public static StandaloneCluster start(Settings settings) throws IOException {
    return new StandaloneCluster(settings);
  }

  /** The ZooKeeper server. */
  public Part zooKeeper() {
    return zooKeeper;
  }

  /** The master. */
  public Part master() {
    return master;
  }

  /** The agents. */
  public List<Part> agents() {
    return List.copyOf(agents);
  }

  /** {@code zk://host:port/mesos}, where the leader is found. */
  public String masterUri() {
    return "zk://" + zooKeeper.address() + MESOS_PATH;
  }

  /** The machine of the first, second, … agent dies, from 0: the agent and all its tasks. */
  public void killMachine(int agent) throws IOException {
    agents.get(agent).kill();
    Agent.destroyTasks(workDirectories.get(agent));
  }

  /** Where the first, second, … agent keeps sandboxes and records, from 0. */
  public Path workDirectory(int agent) {
    return workDirectories.get(agent);
  }

  @Override
  public void close() {
    for (int i = 0; i < agents.size(); i++) {
      agents.get(i).close();
      try {
        // An agent that was dead at the end has left them.
        Agent.destroyTasks(workDirectories.get(i));
      } catch (UncheckedIOException e) {
        LOG.warn("tasks of {} may be left", agents.get(i).name(), e);
      }
    }
    if (master != null) {
      master.close();
    }
    zooKeeper.close();
  }
}
