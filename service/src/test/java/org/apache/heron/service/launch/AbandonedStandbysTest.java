package org.apache.heron.service.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of standbys that nobody ended in order. */
class AbandonedStandbysTest {
  @TempDir private Path directory;

  private WorkingDirectory made(String name, String topologyId) throws IOException {
    Path path = Files.createDirectories(directory.resolve(name));
    Files.writeString(
        path.resolve("launch.properties"),
        new LaunchRecord(topologyId, "words.jar", "file:///p", "file:///c").toText());
    return new WorkingDirectory(path, "words", "key");
  }

  private WorkingDirectory ended(String name, String topologyId) throws Exception {
    WorkingDirectory made = made(name, topologyId);
    Process process = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    made.started(process.toHandle());
    process.waitFor();
    return made;
  }

  @Test
  void aKillRemovesDirectoriesOfDeadStandbysAndNoOthers() throws Exception {
    made("words", "words-1");
    WorkingDirectory dead = ended("words.standby-1", "words-1");
    WorkingDirectory living = made("words.standby-2", "words-1");
    living.started(ProcessHandle.current());
    WorkingDirectory beginning = made("words.standby-3", "words-1");
    WorkingDirectory anothers = ended("words.standby-4", "words-2");
    WorkingDirectory namesake = ended("words.standby-5.kept", "words-1");
    new SchedulerLaunch(
            new LaunchRequest(Config.of(Map.of()), "words", "words-1", List.of(), true),
            null,
            new WorkingDirectory(directory.resolve("words"), "words", "key"),
            new EmptyBook(),
            () -> {})
        .cleanUp();
    assertThat(directory.resolve("words")).doesNotExist();
    assertThat(dead.path()).doesNotExist();
    assertThat(living.path()).exists();
    assertThat(beginning.path()).exists();
    assertThat(anothers.path()).exists();
    assertThat(namesake.path()).exists();
  }

  /** Nothing is on record. */
  private static final class EmptyBook implements LaunchBook {
    @Override
    public void write(LaunchRecord record) {}

    @Override
    public Optional<LaunchRecord> read() {
      return Optional.empty();
    }

    @Override
    public boolean hasBegun() {
      return false;
    }

    @Override
    public void deleteUnlessBegun(String topologyId) {}

    @Override
    public void close() {}
  }
}
