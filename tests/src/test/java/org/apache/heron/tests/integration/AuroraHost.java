package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An Aurora of one host: a program {@code aurora} on the search path, which runs a job's instances
 * as processes. Shared state is in files.
 */
final class AuroraHost implements AutoCloseable {
  private final Path directory;
  private Path state;

  /** Nothing runs yet. */
  AuroraHost(Path parent) throws IOException {
    directory = Files.createDirectories(parent.resolve("aurora"));
    try (InputStream script = AuroraHost.class.getResourceAsStream("aurora.py")) {
      Files.copy(script, directory.resolve("aurora"));
    }
    assertThat(directory.resolve("aurora").toFile().setExecutable(true)).isTrue();
  }

  /** True if this machine has what the stand-in needs. */
  static boolean isPossible() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, "python3")));
  }

  /** The environment in which the program is found. */
  Map<String, String> environment() {
    return Map.of("PATH", directory + ":" + System.getenv("PATH"));
  }

  /** Points the configuration of the cluster {@code aurora} at this host. */
  Heron configure(Heron heron) throws IOException {
    state = heron.userHome().resolve(".herondata/repository/state/aurora");
    heron.configure(
        "aurora", "statemgr.yaml", Map.of("heron.statemgr.root.path", state.toString()));
    heron.configure(
        "aurora",
        "uploader.yaml",
        Map.of(
            "heron.uploader.localfs.file.system.directory",
            "${HOME}/.herondata/repository/topologies/${CLUSTER}/${ROLE}/${TOPOLOGY}"));
    heron.configure(
        "aurora",
        "client.yaml",
        Map.of("heron.package.core.uri", "file://${HERON_DIST}/heron-core.tar.gz"));
    return heron.configure(
        "aurora",
        "scheduler.yaml",
        Map.of(
            "heron.directory.sandbox.java.home",
            System.getProperty("java.home"),
            "heron.scheduler.job.max.kill.attempts",
            "2",
            "heron.scheduler.job.kill.retry.interval.ms",
            "100"));
  }

  /** The attempt that runs of each instance. */
  Map<Integer, String> copies() throws IOException {
    Map<Integer, String> copies = new TreeMap<>();
    Path file = directory.resolve("state.json");
    if (Files.exists(file)) {
      for (Map.Entry<String, JsonNode> instance :
          new ObjectMapper().readTree(file.toFile()).path("instances").properties()) {
        long pid = instance.getValue().path("pid").asLong();
        if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
          copies.put(Integer.valueOf(instance.getKey()), instance.getValue().path("task").asText());
        }
      }
    }
    return copies;
  }

  /** From now on, or no longer, the scheduler cannot be reached. */
  void unreachable(boolean now) throws IOException {
    Path mark = directory.resolve("unreachable");
    if (now) {
      Files.writeString(mark, "");
    } else {
      Files.deleteIfExists(mark);
    }
  }

  /** Sandboxes and processes. */
  List<String> traces() throws IOException {
    Path sandboxes = directory.resolve("sandbox");
    Stream<String> files = Files.exists(sandboxes) ? Stream.of(sandboxes.toString()) : Stream.of();
    return Stream.concat(
            files,
            Processes.mentioning(directory.resolve("sandbox").toString()).stream()
                .map(handle -> handle.pid() + " " + handle.info().commandLine()))
        .toList();
  }

  /** The kinds of shared state that hold a node of the topology. */
  Set<String> state(String topology) throws IOException {
    Set<String> kinds = new TreeSet<>();
    if (Files.exists(state)) {
      try (Stream<Path> files = Files.walk(state)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> file.getFileName().toString().matches(topology + "(__.*)?"))
            .forEach(file -> kinds.add(state.relativize(file).getName(0).toString()));
      }
    }
    return kinds;
  }

  @Override
  public void close() throws IOException {
    for (String copy : copies().values()) {
      assertThat(copy).as("left running").isNull();
    }
  }
}
