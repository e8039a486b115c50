package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.process.LivingProcess;

/**
 * What a background cluster leaves for later commands: who it is, where it listens, and what it
 * takes to bring it back, as JSON in {@code cluster.json} of its directory. The birth tells its
 * process from a later one with the same id.
 *
 * @param startedAt when the process started, in milliseconds since the epoch, as the system said
 *     then; after a step of the clock it says otherwise
 * @param birth as {@link LivingProcess#birth} says; empty if it was written by a version that did
 *     not know it
 * @param master {@code host:port}
 * @param zookeeper {@code host:port}
 * @param shape the words that gave it its shape
 * @param agents what it takes to bring it back; empty if it was written by a version that could not
 */
record ClusterFile(
    long pid,
    long startedAt,
    String birth,
    String master,
    String zookeeper,
    List<String> shape,
    List<AgentShape> agents) {
  /** Of the file in a cluster's directory. */
  static final String NAME = "cluster.json";

  /** Of the file while it is written. */
  static final String DRAFT = NAME + ".new";

  ClusterFile {
    shape = List.copyOf(shape);
    agents = List.copyOf(agents);
  }

  /** What stands in the directory; empty if no cluster was started there. */
  static Optional<ClusterFile> read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    Path file = directory.resolve(NAME);
    try {
      JsonNode tree = new ObjectMapper().readTree(Files.readAllBytes(file));
      List<String> shape = new ArrayList<>();
      tree.path("shape").forEach(word -> shape.add(word.asText()));
      List<AgentShape> agents = new ArrayList<>();
      for (JsonNode agent : tree.path("agents")) {
        agents.add(new AgentShape(text(agent, "resources"), text(agent, "attributes")));
      }
      return Optional.of(
          new ClusterFile(
              number(tree, "pid"),
              number(tree, "startedAt"),
              tree.path("birth").asText(""),
              text(tree, "master"),
              text(tree, "zookeeper"),
              shape,
              agents));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          file
              + " is not readable ("
              + e.getMessage()
              + "); remove it, and the folder "
              + ClusterProcess.WORK
              + " beside it if it is a cluster's, by hand",
          e);
    }
  }

  private static String text(JsonNode tree, String name) {
    JsonNode value = tree.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("it has no text '" + name + "'");
    }
    return value.asText();
  }

  private static long number(JsonNode tree, String name) {
    JsonNode value = tree.path(name);
    if (!value.isIntegralNumber()) {
      throw new IllegalArgumentException("it has no number '" + name + "'");
    }
    return value.asLong();
  }

  /** Writes the file in one step. */
  void write(Path directory) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>(asMap());
    map.put("birth", birth);
    map.put("shape", shape);
    map.put("agents", agents);
    Path draft = directory.resolve(DRAFT);
    Files.write(draft, new ObjectMapper().writeValueAsBytes(map));
    Files.move(
        draft,
        directory.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** What users are told, by name, for JSON. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pid", pid);
    map.put("startedAt", startedAt);
    map.put("master", master);
    map.put("zookeeper", zookeeper);
    return map;
  }

  /** The port of {@code host:port}. */
  static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** The cluster's process, if it lives. */
  Optional<ProcessHandle> process() {
    return LivingProcess.find(pid, birth.isEmpty() ? Long.toString(startedAt) : birth);
  }

  /** When a process started, in milliseconds since the epoch; 0 if the system does not say. */
  static long startOf(ProcessHandle handle) {
    return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }
}
