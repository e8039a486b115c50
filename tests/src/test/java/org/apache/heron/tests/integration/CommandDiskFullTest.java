package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole command where a disk is full: one line, exit code 1, nothing left; and what runs can be
 * killed all the same.
 */
class CommandDiskFullTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final String TARGET = "local/" + System.getProperty("user.name");

  @TempDir Path temporary;
  private Heron heron;
  private Path store;

  @BeforeEach
  void configure() throws IOException {
    heron = Heron.in(temporary.toRealPath());
    store = Files.createDirectories(heron.userHome().resolve(".herondata"));
  }

  @AfterEach
  void endWhatATestThatFailedHasLeft() {
    Processes.mentioning(heron.userHome().toString()).forEach(Processes::crash);
  }

  private Heron.Result submit() throws Exception {
    return heron.run("submit", TARGET, Heron.examples().toString(), MAIN, "full");
  }

  /** Of the disk at a directory below HOME, or of the one for temporary files. */
  @ParameterizedTest
  @CsvSource({
    "tmp, 16384, No space left on device",
    ".herondata/repository/topologies, 16384, check heron.uploader.localfs.file.system.directory",
    ".herondata/repository/state, 4096, state/local/topologies/full: No space left on device",
    ".herondata/topologies, 4194304, cannot be unpacked: No space left on device"
  })
  void aSubmitThatFindsNoRoomIsTakenBack(String where, long bytes, String words) throws Exception {
    Path directory = heron.userHome().resolve(where);
    Optional<SmallDisk> mounted = SmallDisk.at(directory, bytes);
    assumeTrue(mounted.isPresent(), "nothing can be mounted here: see the test with limited files");
    if (where.equals("tmp")) {
      heron.variable("HERON_JAVA_OPTS", "-Djava.io.tmpdir=" + directory);
    }
    try (SmallDisk disk = mounted.get()) {
      heron.under(disk.inside());
      Heron.Result result = submit().failsWith(1, words);
      isOneLine(result);
      assertThat(disk.files()).isEmpty();
      nothingIsLeft();
    }
  }

  @Test
  void aSubmitWhoseFilesMayNotGrowIsTakenBack() throws Exception {
    // Enough for what the command says, for the topology's package and for its state.
    heron.under(List.of("sh", "-c", "ulimit -f 1024; exec \"$@\"", "sh"));
    Heron.Result result = submit().failsWith(1, "cannot be unpacked: File too large");
    isOneLine(result);
    nothingIsLeft();
  }

  @Test
  void aTopologyOnAFullDiskCanBeKilled() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.at(store, 256L << 20);
    assumeTrue(mounted.isPresent(), "nothing can be mounted here");
    try (SmallDisk disk = mounted.get()) {
      heron.under(disk.inside());
      submit().succeeds();
      disk.fill();
      heron.run("kill", TARGET, "full").succeeds();
      assertThat(disk.files()).isEmpty();
      nothingIsLeft();
    }
  }

  private static void isOneLine(Heron.Result result) {
    assertThat(result.err().lines().filter(line -> line.contains("ERROR"))).hasSize(1);
    assertThat(result.err() + result.out()).doesNotContain("\tat ", "Caused by");
  }

  private void nothingIsLeft() throws IOException {
    assertThat(Processes.mentioning(heron.userHome().toString())).isEmpty();
    try (Stream<Path> files = Files.walk(heron.userHome())) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> file.toFile().length() > 0))
          .isEmpty();
    }
  }
}
