package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;

/**
 * One topology on a cluster, with the words that a user would type for it and what they would see.
 */
final class Topology {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern STANDS_BY = Pattern.compile("process (\\d+) stands by");

  private final Heron heron;
  private final Cluster cluster;
  private final String name;

  Topology(Heron heron, Cluster cluster, String name) {
    this.heron = heron;
    this.cluster = cluster;
    this.name = name;
  }

  /** {@code <cluster>/<role>} as which the test runs. */
  static String target() {
    return "mesos/" + System.getProperty("user.name");
  }

  String name() {
    return name;
  }

  Heron.Result submit(String mainClass, String... rest) throws Exception {
    return submitJar(Heron.examples(), mainClass, rest);
  }

  Heron.Result submitJar(Path jar, String mainClass, String... rest) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("submit", target(), jar.toString(), mainClass, name));
    words.addAll(List.of(rest));
    return heron.run(words.toArray(String[]::new));
  }

  Heron.Result command(String command, String... rest) throws Exception {
    List<String> words = new ArrayList<>(List.of(command, target(), name));
    words.addAll(List.of(rest));
    return heron.run(words.toArray(String[]::new));
  }

  /** One more scheduler process, which waits for the leader's end. */
  ProcessHandle standBy() throws Exception {
    Heron.Result said = tryStandBy().succeeds();
    Matcher pid = STANDS_BY.matcher(said.out() + said.err());
    assertThat(pid.find()).as("the standby's process is named: %s", said).isTrue();
    return ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
  }

  /** As {@link #standBy}, which may fail. */
  Heron.Result tryStandBy() throws Exception {
    return heron.run("scheduler", "standby", target(), name);
  }

  Heron.Result resume() throws Exception {
    return heron.run("scheduler", "resume", target(), name);
  }

  /** The scheduler's working directory. */
  Path workingDirectory() {
    return heron
        .userHome()
        .resolve(".herondata/topologies/mesos")
        .resolve(System.getProperty("user.name"))
        .resolve(name);
  }

  /** The scheduler's own word about itself. */
  JsonNode status() {
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      byte[] bytes = tree.data("/heron/schedulers/" + name);
      return Pages.json(SchedulerLocation.parseFrom(bytes).getHttpEndpoint(), "/api/v1/status");
    } catch (Exception e) {
      throw new IllegalStateException("status of " + name, e);
    }
  }

  /** Container by id, as the scheduler says. */
  Map<Integer, JsonNode> containers() {
    Map<Integer, JsonNode> found = new TreeMap<>();
    status().path("containers").forEach(c -> found.put(c.path("id").asInt(), c));
    return found;
  }

  /** Waits until every container runs. */
  void awaitAllRunning() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(containers().values())
                    .isNotEmpty()
                    .allSatisfy(c -> assertThat(c.path("state").asText()).isEqualTo("RUNNING")));
  }

  /**
   * Counters of the components, added up over the containers' shells: executed, or emitted of
   * spouts.
   */
  Map<String, Long> progress() {
    Map<String, Long> sums = new TreeMap<>();
    containers()
        .forEach(
            (id, container) -> {
              if (id == 0) {
                return;
              }
              String shell = shell(container);
              for (JsonNode instance : Pages.json(shell, "/counters").path("instances")) {
                long sum = 0;
                boolean spout = instance.path("kind").asText().equals("SPOUT");
                for (JsonNode value : instance.path(spout ? "emitted" : "executed")) {
                  sum += value.asLong();
                }
                sums.merge(instance.path("component").asText(), sum, Long::sum);
              }
            });
    return sums;
  }

  /** Waits until every component's counter is higher than it is now. */
  void awaitTuplesFlow() {
    Map<String, Long> before = new LinkedHashMap<>();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Map<String, Long> now = progress();
              if (!before.keySet().equals(now.keySet())) {
                before.clear();
                before.putAll(now);
              }
              assertThat(now).isNotEmpty();
              now.forEach(
                  (component, count) ->
                      assertThat(count).as(component).isGreaterThan(before.get(component)));
            });
  }

  /** The processes of its containers, and of no other topology of that name on this machine. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> ofCluster = Processes.mentioning(cluster.zookeeper());
    return Processes.mentioning("--topology-name=" + name).stream()
        .filter(ofCluster::contains)
        .toList();
  }

  /** Ends a container by what its shell offers, wherever it runs. */
  void killThroughShell(int container) {
    JsonNode status = status();
    Pages.post(
        shell(containers().get(container)),
        "/killexecutor",
        Map.of("secret", status.path("topologyId").asText()));
  }

  private static String shell(JsonNode container) {
    return container.path("hostname").asText()
        + ":"
        + container.path("ports").path("shell-port").asInt();
  }

  /** The process of a container: the JVM of the executor whose sandbox is the container's. */
  ProcessHandle executor(int container) {
    List<ProcessHandle> found =
        Processes.mentioning("--shard=" + container).stream()
            .filter(processes()::contains)
            .filter(handle -> handle.children().findAny().isEmpty())
            .toList();
    assertThat(found).as("process of container %d", container).hasSize(1);
    return found.get(0);
  }

  /** The process of the scheduler. */
  ProcessHandle scheduler() {
    List<ProcessHandle> found = schedulers();
    assertThat(found).as("scheduler process of %s", name).hasSize(1);
    return found.get(0);
  }

  /** The processes of the scheduler and of those that stand by. */
  List<ProcessHandle> schedulers() {
    return Processes.mentioning("org.apache.heron.scheduler.SchedulerMain").stream()
        .filter(handle -> Processes.mentioning(workingDirectory().toString()).contains(handle))
        .filter(handle -> handle.children().findAny().isEmpty())
        .toList();
  }

  /** The executors' processes by container: one each, unless copies are lost or left behind. */
  Map<Integer, List<ProcessHandle>> executors() {
    Map<Integer, List<ProcessHandle>> found = new TreeMap<>();
    List<ProcessHandle> ofCluster = Processes.mentioning(cluster.zookeeper());
    for (ProcessHandle handle : Processes.mentioning("HERON_TOPOLOGY=" + name)) {
      if (ofCluster.contains(handle) && handle.children().findAny().isEmpty()) {
        Processes.variable(handle, "HERON_CONTAINER")
            .ifPresent(
                id ->
                    found.computeIfAbsent(Integer.valueOf(id), i -> new ArrayList<>()).add(handle));
      }
    }
    return found;
  }

  /** Names in the sandbox of a container. */
  List<String> sandbox(int container) {
    Path directory = ProcessDirectory.of(executor(container));
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a process works. */
  private static final class ProcessDirectory {
    static Path of(ProcessHandle handle) {
      try {
        return Files.readSymbolicLink(Path.of("/proc", Long.toString(handle.pid()), "cwd"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
