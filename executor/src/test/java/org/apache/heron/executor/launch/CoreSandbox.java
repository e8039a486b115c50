package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.heron.minicluster.ports.PortBlock;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorCommand;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;

/** A container's directory as an agent leaves it, and the process that runs in it. */
final class CoreSandbox implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Path directory;
  private final int container;
  private final Config config;
  private final Topology topology;
  private Map<ExecutorPort, Integer> ports = Map.of();
  private final List<PortBlock> blocks = new ArrayList<>();
  private Process process;

  CoreSandbox(Path directory, Path core, int container, String zooKeeper, byte[] definition)
      throws Exception {
    this.directory = Files.createDirectories(directory);
    this.container = container;
    this.topology = Topology.parseFrom(definition);
    run("tar", "-xzf", core.toString());
    Files.write(directory.resolve(CountingTopology.NAME + ".defn"), definition);
    writeTopologyJar(directory.resolve("counting.jar"));
    Path conf = Files.createDirectories(directory.resolve("heron-conf"));
    Files.writeString(
        conf.resolve("statemgr.yaml"),
        """
        heron.class.state.manager: org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager
        heron.statemgr.connection.string: nowhere:1
        heron.statemgr.zookeeper.session.timeout.ms: 5000
        """);
    Files.writeString(
        conf.resolve("heron_internals.yaml"),
        """
        heron.logging.directory: log-files
        heron.streammgr.tmanager.heartbeat.interval.sec: 1
        heron.metrics.export.interval.sec: 1
        """);
    Files.writeString(conf.resolve("override.yaml"), "# nothing\n");
    Config raw = Config.of(Map.of());
    for (Map.Entry<Key, String> entry :
        Map.of(
                Key.CLUSTER, "local",
                Key.ROLE, "someone",
                Key.ENVIRON, "default",
                Key.STATEMGR_CONNECTION_STRING, zooKeeper,
                Key.STATEMGR_ROOT_PATH, "/heron",
                Key.TOPOLOGY_DEFINITION_FILE, CountingTopology.NAME + ".defn",
                Key.TOPOLOGY_BINARY_FILE, "counting.jar",
                Key.HERON_CLUSTER_JAVA_HOME, "$TEST_JAVA_HOME")
            .entrySet()) {
      raw = raw.with(entry.getKey(), entry.getValue());
    }
    this.config = ConfigLoader.cluster(raw);
  }

  /** Starts the container as a shell of an agent would, on fresh ports. */
  void start() throws IOException {
    ports = freePorts();
    String command =
        ExecutorCommand.of(
                config,
                topology,
                Map.of("numbers", ByteAmount.ofMegabytes(64), "sums", ByteAmount.ofMegabytes(64)),
                container,
                ports)
            .shellLine();
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "exec " + command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("console").toFile()));
    builder.environment().put("TEST_JAVA_HOME", System.getProperty("java.home"));
    // The heap is to be a part of this, not of whatever machine it is.
    builder.environment().put("HERON_CONTAINER_RAM", Long.toString(256L << 20));
    process = builder.start();
  }

  Path directory() {
    return directory;
  }

  Process process() {
    return process;
  }

  int port(ExecutorPort port) {
    return ports.get(port);
  }

  /** What the container's web shell answers. */
  HttpResponse<String> shell(String path) throws IOException, InterruptedException {
    return get(port(ExecutorPort.SHELL), path);
  }

  /** Asks the container's web shell to restart an instance. */
  HttpResponse<String> killInstance(String instance) throws IOException, InterruptedException {
    String form = "secret=" + CountingTopology.ID + "&instance_id_to_restart=" + instance;
    return HTTP.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port(ExecutorPort.SHELL) + "/killexecutor"))
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What the topology manager's controller answers; container 0 only. */
  HttpResponse<String> control(String path) throws IOException, InterruptedException {
    return get(
        port(ExecutorPort.TMANAGER_CONTROLLER),
        path + "?topologyid=" + URLEncoder.encode(CountingTopology.ID, StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> get(int port, String path)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /**
   * Memory in MiB that is the process's alone and has been written to: not what it maps of files,
   * of which the kernel keeps more or less as it has room, and not huge pages, which some kernels
   * give to everybody and which count 2 MiB for the first byte that is written.
   */
  long ownMebibytes() throws IOException {
    Map<String, Long> kibibytes = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
      if (line.endsWith(" kB")) {
        kibibytes.put(
            line.substring(0, line.indexOf(':')), Long.valueOf(line.replaceAll("[^0-9]", "")));
      }
    }
    assertThat(kibibytes).containsKeys("Private_Dirty", "AnonHugePages");
    return (kibibytes.get("Private_Dirty") - kibibytes.get("AnonHugePages")) / 1024;
  }

  /** Everything that the container has said, for the message of a failed test. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (String name : List.of("console", "heron-executor-" + container + ".stdout")) {
      Path file = directory.resolve(name);
      try {
        text.append(name).append(":\n").append(Files.exists(file) ? Files.readString(file) : "");
      } catch (IOException e) {
        text.append(e);
      }
    }
    return text.toString();
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process tool = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
    assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).isZero();
  }

  private static void writeTopologyJar(Path jar) throws Exception {
    Path classes =
        Path.of(CountingTopology.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String prefix = CountingTopology.class.getName().replace('.', '/');
    Path directory = classes.resolve(prefix).getParent();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.list(directory)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("CountingTopology")).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  /** Ports that are its own until it is closed, and others each time. */
  private Map<ExecutorPort, Integer> freePorts() throws IOException {
    PortBlock block = PortBlock.take();
    blocks.add(block);
    Map<ExecutorPort, Integer> fresh = new EnumMap<>(ExecutorPort.class);
    int next = block.first();
    for (ExecutorPort port : ExecutorPort.values()) {
      fresh.put(port, next);
      next++;
    }
    return fresh;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
    blocks.forEach(PortBlock::close);
  }
}
