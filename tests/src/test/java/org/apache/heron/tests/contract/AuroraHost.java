package org.apache.heron.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.heron.tests.integration.Heron;
import org.apache.heron.tests.integration.Processes;

/**
 * An Aurora of one host: a program {@code aurora}, which runs a job's instances as processes.
 * Shared state is in files.
 */
final class AuroraHost implements Backend {
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

  @Override
  public String cluster() {
    return "aurora";
  }

  /** Aurora takes only some names of environments. */
  @Override
  public String target(String role) {
    return "aurora/" + role + "/devel";
  }

  @Override
  public void configure(Heron heron) throws IOException {
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
    heron.configure(
        "aurora",
        "scheduler.yaml",
        Map.of(
            "heron.aurora.client.path",
            directory.resolve("aurora").toString(),
            "heron.directory.sandbox.java.home",
            System.getProperty("java.home"),
            "heron.scheduler.job.max.kill.attempts",
            "2",
            "heron.scheduler.job.kill.retry.interval.ms",
            "100"));
  }

  @Override
  public Map<Integer, String> copies(String topology) throws IOException {
    Map<Integer, String> copies = new TreeMap<>();
    for (Map.Entry<String, JsonNode> instance : instances(topology).properties()) {
      long pid = instance.getValue().path("pid").asLong();
      if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
        copies.put(Integer.valueOf(instance.getKey()), instance.getValue().path("task").asText());
      }
    }
    return copies;
  }

  private JsonNode instances(String topology) throws IOException {
    Path file = directory.resolve("state.json");
    if (Files.exists(file)) {
      JsonNode job = new ObjectMapper().readTree(file.toFile());
      if (job.path("job").asText().endsWith("/" + topology)) {
        return job.path("instances");
      }
    }
    return MissingNode.getInstance();
  }

  @Override
  public boolean runsTuples() {
    return true;
  }

  @Override
  public boolean hasSchedulerProcess() {
    return false;
  }

  @Override
  public boolean resizes() {
    return false;
  }

  /** The job, and sandboxes and processes of any. */
  @Override
  public List<String> traces(String topology) throws IOException {
    List<String> traces = new ArrayList<>();
    if (!instances(topology).isMissingNode()) {
      traces.add("the job");
    }
    Path sandboxes = directory.resolve("sandbox");
    if (Files.exists(sandboxes)) {
      traces.add(sandboxes.toString());
    }
    Processes.mentioning(sandboxes.toString())
        .forEach(handle -> traces.add(handle.pid() + " " + handle.info().commandLine()));
    return traces;
  }

  @Override
  public Set<String> state(String topology) throws IOException {
    return StateFiles.of(state, topology);
  }

  @Override
  public void cutOff(String topology) throws IOException {
    Files.writeString(directory.resolve("unreachable"), "");
  }

  @Override
  public void mend(String topology) throws IOException {
    Files.deleteIfExists(directory.resolve("unreachable"));
  }

  @Override
  public void close() {
    Processes.mentioning(directory.resolve("sandbox").toString()).forEach(Processes::crash);
  }
}
