package org.apache.heron.uploader.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.RecordingUploadProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HdfsUploaderTest {
  private static final String TARGET = "hdfs://nn:8020/heron/topology/words-ada-tag-0.tar.gz";

  @TempDir Path directory;
  private final RecordingUploadProgress progress = new RecordingUploadProgress();
  private Path source;
  private Path client;
  private Path stored;

  @BeforeEach
  void installClient() throws IOException {
    source = Files.writeString(directory.resolve("topology.tar.gz"), "the package");
    client = install("hadoop");
    stored = directory.resolve("root/heron/topology/words-ada-tag-0.tar.gz");
  }

  private Path install(String name) throws IOException {
    Path program = directory.resolve(name);
    try (InputStream script = getClass().getResourceAsStream("/hdfs/hadoop")) {
      Files.copy(script, program);
    }
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private HdfsUploader uploader(Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.topology.name", "words");
    all.put("heron.config.role", "ada");
    all.put("heron.topology.package.file", source.toString());
    all.put("heron.uploader.retry.interval.ms", 1);
    all.put("heron.uploader.hdfs.client", client.toString());
    all.put("heron.uploader.hdfs.config.directory", directory.toString());
    all.put("heron.uploader.hdfs.topologies.directory.uri", "hdfs://nn:8020/heron/topology/");
    all.putAll(values);
    HdfsUploader uploader = new HdfsUploader();
    uploader.progress(progress);
    uploader.initialize(Config.of(all));
    return uploader;
  }

  private void fault(String text) throws IOException {
    Files.writeString(directory.resolve("fault"), text + "\n");
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  private List<String> storedFiles() throws IOException {
    if (!Files.exists(stored.getParent())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(stored.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertFails(Map<String, Object> values, String... messages) {
    try (HdfsUploader uploader = uploader(values)) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageStartingWith(
              "Cannot upload the topology package '" + source + "' to " + TARGET + ": ")
          .hasMessageContainingAll(messages)
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void thePackageIsPutBesideItsPlaceAndMovedThere() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      assertThat(uploader.uploadPackage()).hasToString(TARGET);
    }
    assertThat(stored).hasContent("the package");
    String prefix = "hadoop --config " + directory + " fs ";
    assertThat(calls())
        .containsExactly(
            prefix + "-mkdir -p hdfs://nn:8020/heron/topology/",
            prefix + "-put -f - " + TARGET + ".new",
            prefix + "-test -e " + TARGET,
            prefix + "-test -e " + TARGET + ".previous",
            prefix + "-mv " + TARGET + ".new " + TARGET);
  }

  @Test
  void theHdfsProgramIsCalledInItsOwnManner() throws IOException {
    client = install("hdfs");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(calls())
        .allSatisfy(call -> assertThat(call).startsWith("hdfs --config ").contains(" dfs -"));
  }

  @Test
  void undoPutsBackWhatWasThere() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Files.writeString(source, "another package");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(stored).hasContent("another package");
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(stored).hasContent("the package");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(storedFiles()).containsExactly("words-ada-tag-0.tar.gz");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.delete();
      uploader.delete();
    }
    assertThat(storedFiles()).isEmpty();
  }

  @Test
  void undoOfAFirstUploadLeavesNothing() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(storedFiles()).isEmpty();
  }

  @Test
  void aNameNodeInSafeModeIsAskedAgain() throws IOException {
    fault("put safemode once");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(stored).hasContent("the package");
    assertThat(progress.notices())
        .singleElement()
        .asString()
        .contains("ended with status 1: put: Cannot create file. Name node is in safe mode.");
  }

  @Test
  void aMoveWhoseAnswerWasLostCounts() throws IOException {
    fault("mv lost once");
    try (HdfsUploader uploader = uploader(Map.of())) {
      assertThat(uploader.uploadPackage()).hasToString(TARGET);
    }
    assertThat(stored).hasContent("the package");
  }

  @Test
  void aBackUpWhoseAnswerIsLostForGoodDoesNotCostThePackageThatWasThere() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Files.writeString(source, "another package");
    fault("mv lost once");
    assertFails(Map.of("heron.uploader.retry.count", 1), "call timed out");
    assertThat(stored).hasContent("the package");
    assertThat(storedFiles()).containsExactly("words-ada-tag-0.tar.gz");
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.delete();
    }
    assertThat(storedFiles()).isEmpty();
  }

  @Test
  void anInterruptedBackUpDoesNotCostThePackageThatWasThere() throws Exception {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Files.writeString(source, "another package");
    fault("mv hang once");
    Thread submit =
        new Thread(
            () -> {
              try (HdfsUploader uploader = uploader(Map.of())) {
                assertThatThrownBy(uploader::uploadPackage).hasMessageEndingWith("interrupted");
              }
            });
    submit.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(directory.resolve("hanging")).exists());
    submit.interrupt();
    submit.join(60_000);
    assertThat(submit.isAlive()).isFalse();
    assertThat(stored).hasContent("the package");
    assertThat(storedFiles()).containsExactly("words-ada-tag-0.tar.gz");
  }

  @Test
  void aBackUpOfWhichNothingIsKnownIsKept() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Files.writeString(source, "another package");
    fault("mv gone once");
    assertFails(Map.of("heron.uploader.retry.count", 2), "Connection refused (tried 2 times)");
    assertThat(storedFiles()).contains("words-ada-tag-0.tar.gz.previous");
    assertThat(progress.notices()).last().asString().contains("could not be taken back");
    Files.delete(directory.resolve("fault"));
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(stored).hasContent("the package");
    assertThat(storedFiles()).containsExactly("words-ada-tag-0.tar.gz");
  }

  @Test
  void whatASubmitLeftAsideThatWasCutShortIsPutBackIfTheNextOneFails() throws IOException {
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Path previous = stored.resolveSibling(stored.getFileName() + ".previous");
    Files.move(stored, previous);
    fault("put denied");
    assertFails(Map.of(), "Permission denied");
    assertThat(stored).hasContent("the package");
    Files.copy(stored, previous);
    Files.delete(directory.resolve("fault"));
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.delete();
    }
    assertThat(storedFiles()).as("a kill leaves nothing").isEmpty();
  }

  @Test
  void failuresAreNamedAndLeaveNothing() throws IOException {
    fault("mkdir refused");
    assertFails(Map.of("heron.uploader.retry.count", 2), "Connection refused", "(tried 2 times)");
    fault("test refused");
    assertFails(Map.of("heron.uploader.retry.count", 2), "test: Call From", "(tried 2 times)");
    fault("put denied");
    assertFails(
        Map.of(),
        "put: Permission denied: user=ada",
        "check heron.uploader.hdfs.topologies.directory.uri");
    fault("put nothing");
    assertFails(Map.of(), "No such file or directory");
    assertThat(storedFiles()).isEmpty();
  }

  @Test
  void aFullFileSystemIsNamedAndLeavesNothing() throws IOException {
    Files.write(source, new byte[12 << 20]);
    fault("put full");
    assertFails(Map.of(), "The DiskSpace quota of /heron is exceeded");
    // It reads no more, and says why a moment later.
    fault("put late");
    assertFails(Map.of(), "The DiskSpace quota of /heron is exceeded");
    assertThat(storedFiles()).isEmpty();
  }

  @Test
  void aClientThatTakesTooLongIsEndedWithWhatItStarted() throws IOException {
    fault("put slow");
    Files.write(source, new byte[1 << 20]);
    assertFails(
        Map.of("heron.uploader.hdfs.command.timeout.ms", 1500),
        "did not end within 1500 ms (heron.uploader.hdfs.command.timeout.ms)");
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
        .noneMatch(process -> process.info().commandLine().orElse("").contains("sleep 600"));
  }

  @Test
  void progressIsTold() throws IOException {
    Files.write(source, new byte[12 << 20]);
    try (HdfsUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(progress.sent()).hasSizeGreaterThan(10).isSorted();
    assertThat(Files.size(stored)).isEqualTo(12 << 20);
  }

  @Test
  void aClientThatIsNotThereIsNamed() {
    assertFails(
        Map.of("heron.uploader.hdfs.client", directory.resolve("none").toString()),
        "cannot be started",
        "install it or set heron.uploader.hdfs.client");
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> uploader(Map.of("heron.uploader.hdfs.config.directory", "/none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the directory with core-site.xml");
    assertThatThrownBy(
            () -> uploader(Map.of("heron.uploader.hdfs.topologies.directory.uri", "heron/x")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a URI like hdfs://");
    assertThatThrownBy(() -> uploader(Map.of("heron.uploader.hdfs.command.timeout.ms", 0)))
        .isInstanceOf(ConfigException.class);
  }
}
