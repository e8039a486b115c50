package org.apache.heron.scheduler.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the scheduler's directory a container sees in its own. */
class SandboxesTest {
  @TempDir Path directory;

  private void file(String name) throws IOException {
    Files.writeString(directory.resolve(name), name);
  }

  private List<String> names(Path sandbox) throws IOException {
    try (Stream<Path> files = Files.list(sandbox)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "words, words.jar",
    "scheduler, container-metrics.jar",
    "container-stats, scheduler.jar",
    "container-1, container-1.jar",
    "records, scheduler.log.tar.gz",
    "heron-core, .hidden.jar",
  })
  void aTopologyIsSeenWhateverItAndItsBinaryAreCalled(String topology, String binary)
      throws IOException {
    Files.createDirectories(directory.resolve("heron-conf"));
    Files.createDirectories(directory.resolve("heron-core"));
    file(topology + ".defn");
    file(binary);

    Path sandbox = new Sandboxes(new Layout(directory)).prepare(1);

    assertThat(names(sandbox))
        .containsExactlyInAnyOrder("heron-conf", "heron-core", topology + ".defn", binary);
    assertThat(sandbox.resolve(topology + ".defn")).hasContent(topology + ".defn");
    assertThat(sandbox.resolve(binary)).hasContent(binary);
  }

  @Test
  void whatIsTheSchedulersIsNotSeenNorAreOtherContainers() throws IOException {
    for (String name :
        List.of(
            "scheduler.pid",
            "scheduler.out",
            "scheduler.log",
            "scheduler.lock",
            "launch.properties")) {
      file(name);
    }
    for (String name : List.of("records", "log-files", "heron-core.part", "container-0")) {
      Files.createDirectories(directory.resolve(name));
    }
    Sandboxes sandboxes = new Sandboxes(new Layout(directory));
    sandboxes.prepare(12);
    assertThat(names(sandboxes.prepare(1))).isEmpty();
    sandboxes.remove(12);
    assertThat(directory.resolve("container-12")).doesNotExist();
  }
}
