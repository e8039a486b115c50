package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a background cluster leaves for later commands: who it is and where it listens, as JSON in
 * {@code cluster.json} of its directory. The start time tells its process from a later one with the
 * same id.
 *
 * @param startedAt when the process started, in milliseconds since the epoch, as the system says
 * @param master {@code host:port}
 * @param zookeeper {@code host:port}
 */
record ClusterFile(long pid, long startedAt, String master, String zookeeper) {
  private static final String NAME = "cluster.json";

  /** What stands in the directory; empty if no cluster was started there. */
  static Optional<ClusterFile> read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    try {
      Map<String, Object> map =
          new ObjectMapper().readValue(Files.readAllBytes(file), new TypeReference<>() {});
      return Optional.of(
          new ClusterFile(
              ((Number) map.get("pid")).longValue(),
              ((Number) map.get("startedAt")).longValue(),
              String.valueOf(map.get("master")),
              String.valueOf(map.get("zookeeper"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          file + " is not readable (" + e.getMessage() + "); remove " + directory + " by hand", e);
    }
  }

  /** Writes the file in one step. */
  void write(Path directory) throws IOException {
    Path draft = directory.resolve(NAME + ".new");
    Files.write(draft, new ObjectMapper().writeValueAsBytes(asMap()));
    Files.move(
        draft,
        directory.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Its fields by name, for JSON. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pid", pid);
    map.put("startedAt", startedAt);
    map.put("master", master);
    map.put("zookeeper", zookeeper);
    return map;
  }

  /** The cluster's process, if it lives. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> startOf(handle) == startedAt);
  }

  /** When a process started, in milliseconds since the epoch; 0 if the system does not say. */
  static long startOf(ProcessHandle handle) {
    return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }
}
