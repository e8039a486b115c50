package org.apache.heron.service.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How upstream's launcher starts a scheduler process, and this one does not. The tags' numbers are
 * those of docs/upstream-defects.md.
 */
class UpstreamDefectsInLaunchingTest {
  @TempDir Path directory;

  private static LaunchRecord record(String submission) {
    return new LaunchRecord(submission, "words.jar", "file:///packages/words.tar.gz", "file:///c");
  }

  private static InputStream topologyPackage(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  // Upstream looks for a free port, closes it, and hopes that it is still free a moment later.
  @Test
  @Tag("upstream-25")
  void theSchedulerBindsWhateverPortIsFreeItself() {
    Config local =
        Config.of(
            Map.of(
                "heron.config.cluster", "mesos",
                "heron.config.role", "ada",
                "heron.config.environ", "default"));
    List<String> words =
        SchedulerCommand.of(
            new LaunchRequest(local, "words", "words-1", List.of(), true),
            record("words-1"),
            false);
    assertThat(words).contains("--http_port=0");
  }

  // Upstream unpacks over what an earlier topology has left.
  @Test
  @Tag("upstream-26")
  void nothingOfAnEarlierSubmissionIsLeftInTheWorkingDirectory() throws IOException {
    Path path = directory.resolve("words");
    WorkingDirectory working = new WorkingDirectory(path, "words", "key");
    working.create(
        topologyPackage(
            Map.of(
                "words.defn", "old",
                "heron-conf/scheduler.yaml", "old",
                "heron-conf/override.yaml", "stale",
                "old.jar", "stale")),
        record("words-1"));
    working.create(
        topologyPackage(Map.of("words.defn", "new", "heron-conf/scheduler.yaml", "new")),
        record("words-2"));
    assertThat(path.resolve("words.defn")).hasContent("new");
    assertThat(path.resolve("heron-conf/scheduler.yaml")).hasContent("new");
    assertThat(path.resolve("heron-conf/override.yaml")).doesNotExist();
    assertThat(path.resolve("old.jar")).doesNotExist();
    assertThat(working.launchRecord().topologyId()).isEqualTo("words-2");
  }

  // Upstream ignores that the directory cannot be made, and fails later with something else.
  @Test
  @Tag("upstream-26")
  void aDirectoryThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    WorkingDirectory working = new WorkingDirectory(file.resolve("words"), "words", "key");
    InputStream content = topologyPackage(Map.of("words.defn", "x", "heron-conf/y", "z"));
    assertThatThrownBy(() -> working.create(content, record("words-1")))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(file.resolve("words").toString());
  }

  // Upstream starts from the submitting host's file, which no other host has.
  @Test
  @Tag("upstream-26")
  void theUploadedPackageIsWhatAnotherHostStartsFrom() throws IOException {
    Path uploaded = directory.resolve("uploaded.tar.gz");
    try (InputStream content = topologyPackage(Map.of("words.defn", "x", "heron-conf/y", "z"))) {
      Files.copy(content, uploaded);
    }
    WorkingDirectory elsewhere =
        new WorkingDirectory(directory.resolve("elsewhere"), "words", "key");
    try (InputStream content = PackageSource.open(uploaded.toUri().toString(), "the package", "")) {
      elsewhere.create(content, record("words-1"));
    }
    assertThat(elsewhere.isComplete()).isTrue();
  }
}
