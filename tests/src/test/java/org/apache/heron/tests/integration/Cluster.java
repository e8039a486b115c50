package org.apache.heron.tests.integration;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.ports.PortBlock;
import org.apache.heron.minicluster.standalone.StandaloneCluster;

/**
 * The cluster that the tests run on: an embedded one of their own, or the real one that {@code
 * -Dmesos.master=host:port -Dzookeeper=host:port} name.
 */
public final class Cluster implements AutoCloseable {
  private final Optional<MiniCluster> embedded;
  private final Optional<StandaloneCluster> processes;
  private final String master;
  private final String zookeeper;
  private final Path directory;
  private final List<Heron> commands = new ArrayList<>();
  private final List<PortBlock> ports = new ArrayList<>();

  private Cluster(
      Optional<MiniCluster> embedded,
      Optional<StandaloneCluster> processes,
      String master,
      String zookeeper,
      Path directory) {
    this.embedded = embedded;
    this.processes = processes;
    this.master = master;
    this.zookeeper = zookeeper;
    this.directory = directory.toAbsolutePath();
  }

  /** A cluster with so many agents, each with plenty of everything. */
  public static Cluster start(Path directory, int agents) throws IOException {
    if (System.getProperty("mesos.master") != null) {
      return new Cluster(
          Optional.empty(),
          Optional.empty(),
          System.getProperty("mesos.master"),
          System.getProperty("zookeeper"),
          directory);
    }
    return withPorts(agents, ports -> embedded(directory, plenty(ports)));
  }

  /** How a cluster is started whose agents have these ports, a block each. */
  private interface Start {
    Cluster with(List<PortBlock> ports) throws IOException;
  }

  /** Agents are processes of one machine, and so is what runs beside them: they share its ports. */
  private static Cluster withPorts(int agents, Start start) throws IOException {
    List<PortBlock> ports = new ArrayList<>();
    try {
      for (int i = 0; i < agents; i++) {
        ports.add(PortBlock.take());
      }
      Cluster cluster = start.with(ports);
      cluster.ports.addAll(ports);
      return cluster;
    } catch (IOException | RuntimeException e) {
      ports.forEach(PortBlock::close);
      throw e;
    }
  }

  private static List<String> plenty(List<PortBlock> ports) {
    return ports.stream()
        .map(block -> "cpus:8;mem:16384;disk:65536;ports:" + block.range())
        .toList();
  }

  /** A cluster that somebody else has started on this machine. */
  static Cluster at(Path directory, String master, String zookeeper) {
    return new Cluster(Optional.empty(), Optional.empty(), master, zookeeper, directory);
  }

  /** A cluster with so many agents of which each part is a process of its own. */
  static Cluster ofProcesses(Path directory, int agents) throws IOException {
    return withPorts(agents, ports -> ofProcesses(directory, ports));
  }

  private static Cluster ofProcesses(Path directory, List<PortBlock> ports) throws IOException {
    StandaloneCluster cluster =
        StandaloneCluster.start(
            new StandaloneCluster.Settings(
                directory.resolve("cluster"),
                plenty(ports),
                Duration.ofMillis(300),
                Duration.ofSeconds(2),
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2)));
    return new Cluster(
        Optional.empty(),
        Optional.of(cluster),
        cluster.master().address(),
        cluster.zooKeeper().address(),
        directory);
  }

  /** An embedded cluster of one agent with these resources. */
  static Cluster startWith(Path directory, String resources) throws IOException {
    return embedded(directory, List.of(resources));
  }

  private static Cluster embedded(Path directory, List<String> resources) throws IOException {
    MiniCluster.Builder builder =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(300))
            // Mesos' own 75 seconds until an agent counts as unreachable would only be waited for.
            .master(options -> options.withAgentPings(Duration.ofSeconds(2), 5));
    for (String each : resources) {
      builder.agent(agent -> agent.hostname("localhost").resources(each));
    }
    MiniCluster cluster = builder.start();
    return new Cluster(
        Optional.of(cluster),
        Optional.empty(),
        cluster.masterAddress(),
        cluster.zooKeeper().connectString(),
        directory);
  }

  /** The embedded cluster, to be made to fail. */
  MiniCluster faulty() {
    return embedded.orElseThrow();
  }

  /** What can be done to it. */
  Faults faults() {
    return processes
        .<Faults>map(ProcessFaults::new)
        .orElseGet(() -> new EmbeddedFaults(embedded.orElseThrow()));
  }

  /** The tasks of which processes live on this machine, whoever knows of them; each once. */
  Set<String> tasksThatHaveProcesses() {
    Set<String> tasks = new TreeSet<>();
    for (ProcessHandle handle : Processes.mentioning("MESOS_SANDBOX=" + directory)) {
      Processes.variable(handle, "MESOS_TASK_ID").ifPresent(tasks::add);
    }
    return tasks;
  }

  boolean isEmbedded() {
    return embedded.isPresent();
  }

  /** {@code host:port} of the master. */
  public String master() {
    return master;
  }

  /** {@code host:port} of ZooKeeper. */
  public String zookeeper() {
    return zookeeper;
  }

  /** Points the command's mesos configuration at this cluster. */
  public Heron configure(Heron heron) throws IOException {
    commands.add(heron);
    heron.configure("mesos", "scheduler.yaml", corePackage());
    heron.configure(
        "mesos",
        "scheduler.yaml",
        Map.of(
            "heron.mesos.master.uri",
            master,
            "heron.mesos.unreachable.wait.ms",
            "2000",
            "heron.mesos.tmanager.unreachable.wait.ms",
            "2000"));
    return heron.configure(
        "mesos", "statemgr.yaml", Map.of("heron.statemgr.connection.string", zookeeper));
  }

  /** The live tasks of a topology's framework, as the master's page says. */
  List<JsonNode> tasks(String topology) {
    List<JsonNode> tasks = new ArrayList<>();
    frameworks(topology).forEach(framework -> framework.path("tasks").forEach(tasks::add));
    return tasks;
  }

  /** A topology's live frameworks: on a real cluster there are others besides. */
  List<JsonNode> frameworks(String topology) {
    List<JsonNode> frameworks = new ArrayList<>();
    for (JsonNode framework : Pages.json(master, "/state").path("frameworks")) {
      if (framework.path("name").asText().equals("heron_scheduler_" + topology)) {
        frameworks.add(framework);
      }
    }
    return frameworks;
  }

  /**
   * The uri of the core package, where a real cluster's agents cannot read this machine's files.
   */
  private static Map<String, String> corePackage() {
    String uri = System.getProperty("heron.core.uri");
    return uri == null ? Map.of() : Map.of("heron.package.core.uri", uri);
  }

  /** The agent's machine dies, with all that runs on it. */
  void killAgent(String agentId) {
    embedded.orElseThrow().agents().stream()
        .filter(agent -> agent.id().map(id -> id.getValue().equals(agentId)).orElse(false))
        .findFirst()
        .orElseThrow()
        .killWithTasks();
  }

  /** Ends also what a test that failed has left: schedulers outlive their cluster. */
  @Override
  public void close() {
    for (Heron heron : commands) {
      Processes.mentioning("org.apache.heron.scheduler.SchedulerMain").stream()
          .filter(Processes.mentioning(heron.userHome().toString())::contains)
          .forEach(Processes::crash);
    }
    embedded.ifPresent(MiniCluster::close);
    processes.ifPresent(StandaloneCluster::close);
    ports.forEach(PortBlock::close);
  }
}
