package org.apache.heron.scheduler.nomad.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.executor.PrometheusSink;
import org.apache.heron.spi.packing.ByteAmount;

/**
 * Describes containers as jobs of one task each, with upstream's names. Immutable.
 *
 * @param local configuration with the paths of the host that registers the jobs
 * @param cluster the same with paths relative to a container's directory
 * @param componentRam smallest RAM of each component's instances
 * @param script for raw_exec, what the task runs; empty for Docker
 * @param portFile from which the container's Prometheus sink reads its port
 */
public record ContainerJob(
    JobSettings settings,
    Config local,
    Config cluster,
    Topology topology,
    Packages packages,
    Map<String, ByteAmount> componentRam,
    String script,
    Optional<String> portFile) {
  static final String METRICS_PORT = "metrics_port";

  /** Counts how often a container was restarted on purpose; a job that changes is run anew. */
  private static final String RESTARTS = "HERON_NOMAD_RESTARTS";

  static final String DIRECTORY_KEY = "heron.scheduler.local.working.directory";
  private static final String DIRECTORY =
      "${HOME}/.herondata/topologies/${CLUSTER}/${ROLE}/${TOPOLOGY}";
  private static final String SCRIPT = "run_heron_executor.sh";
  private static final String SHELL = "/bin/sh";

  /** Copies the map. */
  public ContainerJob {
    componentRam = Map.copyOf(componentRam);
  }

  /**
   * Of a topology whose configuration may lack what only its submit knew.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a file that is needed cannot be read
   */
  public static ContainerJob of(
      JobSettings settings,
      Config local,
      Config cluster,
      Topology topology,
      Packages packages,
      Map<String, ByteAmount> componentRam) {
    Config complete =
        cluster
            .with(Key.TOPOLOGY_DEFINITION_FILE, topology.getName() + ".defn")
            .with(Key.TOPOLOGY_BINARY_FILE, packages.binary());
    if (!packages.binaryType().isEmpty()) {
      complete = complete.with(Key.TOPOLOGY_PACKAGE_TYPE, packages.binaryType());
    }
    String script = settings.driver() == JobSettings.Driver.RAW_EXEC ? JobScript.read(local) : "";
    return new ContainerJob(
        settings,
        expanded(local, topology),
        complete,
        topology,
        packages,
        componentRam,
        script,
        PrometheusSink.in(local.path(Key.METRICS_YAML)).flatMap(PrometheusSink::portFile));
  }

  /** Of what names the topology only its submit could expand all. */
  private static Config expanded(Config local, Topology topology) {
    Config named =
        local.with(Key.TOPOLOGY_ID, topology.getId()).with(Key.TOPOLOGY_NAME, topology.getName());
    if (named.get(DIRECTORY_KEY).isEmpty()) {
      named = named.with(DIRECTORY_KEY, DIRECTORY);
    }
    return ConfigLoader.local(named);
  }

  /** A job's id in Nomad. */
  public static String id(String topologyId, int container) {
    return topologyId + "-" + container;
  }

  /** The job of one container. */
  public ObjectNode job(int container, Need need) {
    String name = topology.getName() + "-" + container;
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    job.put("ID", id(topology.getId(), container)).put("Name", name).put("Type", "service");
    job.put("Priority", settings.priority());
    forceUpdates(job);
    settings.namespace().ifPresent(namespace -> job.put("Namespace", namespace));
    settings.region().ifPresent(region -> job.put("Region", region));
    ArrayNode datacenters = job.putArray("Datacenters");
    settings.datacenters().forEach(datacenters::add);
    ObjectNode meta = job.putObject("Meta");
    JobMeta.of(topology.getName(), topology.getId(), container, packages).forEach(meta::put);
    constraints(job);
    ObjectNode group = job.putArray("TaskGroups").addObject().put("Name", name).put("Count", 1);
    settings.retries().into(group);
    task(group.putArray("Tasks").addObject().put("Name", name), container);
    need.into(job);
    return job;
  }

  /**
   * No deployments: Nomad gives a container that is part of a failed one to no other node, ever (a
   * check that nobody answered, a package store that was away for ten minutes), and makes one for
   * each version of a service that says nothing of updates (since 0.10).
   */
  private static void forceUpdates(ObjectNode job) {
    job.putObject("Update").put("MaxParallel", 0);
    for (JsonNode group : job.path("TaskGroups")) {
      // Nomad writes there what it has made of the job's, and it wins.
      ((ObjectNode) group).remove("Update");
    }
  }

  private void constraints(ObjectNode job) {
    if (settings.constraints().isEmpty()) {
      return;
    }
    ArrayNode all = job.putArray("Constraints");
    settings
        .constraints()
        .forEach(
            constraint ->
                all.addObject()
                    .put("LTarget", constraint.attribute())
                    .put("RTarget", constraint.value())
                    .put("Operand", constraint.operator()));
  }

  private void task(ObjectNode task, int container) {
    task.put("Driver", settings.driver().text());
    settings.killTimeout().ifPresent(time -> task.put("KillTimeout", time.toNanos()));
    ObjectNode resources = task.putObject("Resources");
    ArrayNode ports = resources.putArray("Networks").addObject().putArray("DynamicPorts");
    for (ExecutorPort port : ExecutorPort.values()) {
      ports.addObject().put("Label", label(port));
    }
    portFile.ifPresent(file -> ports.addObject().put("Label", METRICS_PORT));
    ObjectNode environment = task.putObject("Env");
    portFile.ifPresent(file -> environment.put("METRICS_PORT_FILE", file));
    if (portFile.isPresent() && settings.metrics().isPresent()) {
      settings.metrics().get().into(task.putArray("Services"), topology.getName(), container);
    }
    ContainerCommands commands = new ContainerCommands(this);
    commands.store().forEach(environment::put);
    switch (settings.driver()) {
      case DOCKER -> docker(task, environment, commands, container);
      case RAW_EXEC -> rawExec(task, environment, commands, container);
    }
  }

  private void docker(
      ObjectNode task, ObjectNode environment, ContainerCommands commands, int container) {
    environment.put("HOST", "${attr.unique.network.ip-address}");
    ObjectNode config = task.putObject("Config");
    config
        .put("image", settings.image())
        .put("command", SHELL)
        .put("network_mode", settings.network());
    config.putArray("args").add("-c").add(commands.line(container));
  }

  private void rawExec(
      ObjectNode task, ObjectNode environment, ContainerCommands commands, int container) {
    commands.environment(container).forEach(environment::put);
    task.putObject("Config").put("command", SHELL).putArray("args").add(SCRIPT);
    task.putArray("Templates")
        .addObject()
        .put("EmbeddedTmpl", script)
        .put("DestPath", SCRIPT)
        .put("ChangeMode", "noop");
  }

  /** A port's label in Nomad, which must be fit for a variable's name. */
  public static String label(ExecutorPort port) {
    return port.portName().replace('-', '_');
  }

  /**
   * The next version of a registered job, by which Nomad runs its container anew.
   *
   * @param job as it is registered
   * @param need what the container is to have now
   */
  public static ObjectNode restarted(ObjectNode job, Need need) {
    ObjectNode next = job.deepCopy();
    // One that was stopped by other means than ours is to run again, too.
    next.put("Stop", false);
    forceUpdates(next);
    need.into(next);
    ObjectNode task = (ObjectNode) next.path("TaskGroups").path(0).path("Tasks").path(0);
    task.withObject("/Env").put(RESTARTS, Long.toString(restarts(job) + 1));
    return next;
  }

  /** How often a registered job's container was restarted on purpose. */
  public static long restarts(ObjectNode job) {
    return job.path("TaskGroups")
        .path(0)
        .path("Tasks")
        .path(0)
        .path("Env")
        .path(RESTARTS)
        .asLong(0);
  }

  /** What a registered job's container has. */
  public static Need needOf(ObjectNode job) {
    return Need.in(job);
  }
}
