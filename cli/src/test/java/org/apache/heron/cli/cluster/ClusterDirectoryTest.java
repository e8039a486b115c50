package org.apache.heron.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.client.ClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A background cluster touches nothing in its directory that is not a cluster's. */
class ClusterDirectoryTest {
  private static final String DEAD =
      "{\"pid\":1,\"startedAt\":1,\"birth\":\"never\","
          + "\"master\":\"127.0.0.1:1\",\"zookeeper\":\"127.0.0.1:2\"}";

  @TempDir Path directory;

  /** What the command failed with; null if it did not. */
  private static Exception run(Object command, Path directory, String... more) {
    AtomicReference<Exception> problem = new AtomicReference<>();
    CommandLine line =
        new CommandLine(command)
            .setExecutionExceptionHandler(
                (exception, commandLine, result) -> {
                  problem.set(exception);
                  return 1;
                });
    String[] words = new String[more.length + 1];
    words[0] = "--directory=" + directory;
    System.arraycopy(more, 0, words, 1, more.length);
    assertThat(line.execute(words)).isEqualTo(problem.get() == null ? 0 : 1);
    return problem.get();
  }

  private static Exception startOnATakenPort(Path directory) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return run(
          new ClusterStart(),
          directory,
          "--agents=1",
          "--zookeeper-port=0",
          "--port=" + taken.getLocalPort());
    }
  }

  @Test
  void aDirectoryWithAUsersFilesIsRefusedAndLeftAsItWas() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious.txt"), "years of work");

    assertThat(startOnATakenPort(directory))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining(directory + " is not empty and holds no cluster")
        .hasMessageContaining("--directory");
    assertThat(precious).hasContent("years of work");
    assertThat(directory).isDirectoryContaining(precious::equals);
    assertThat(directory.toFile().list()).containsExactly("precious.txt");
  }

  @Test
  void aUsersFolderOfAClustersNameIsNoCluster() throws Exception {
    Path precious = Files.createDirectory(directory.resolve("work")).resolve("precious.txt");
    Files.writeString(precious, "years of work");

    assertThat(startOnATakenPort(directory)).hasMessageContaining("holds no cluster");
    assertThat(precious).hasContent("years of work");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThat(startOnATakenPort(file))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining(file + " is no directory");
    assertThat(file).exists();
  }

  @Test
  void aStartThatFailsLeavesTheDirectoryEmptyAndRemovesItIfItMadeIt() throws Exception {
    Path made = directory.resolve("made");

    assertThat(startOnATakenPort(made)).hasMessageContaining("did not start");
    assertThat(made).doesNotExist();

    assertThat(startOnATakenPort(directory)).hasMessageContaining("did not start");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatAUserPutBesideADeadClusterOutlivesANewStartAndAStop() throws Exception {
    // Written by a version that could not bring clusters back: it is removed by the next start.
    Files.writeString(directory.resolve("cluster.json"), DEAD);
    Files.createDirectories(directory.resolve("work/master"));
    Path precious = Files.writeString(directory.resolve("precious.txt"), "years of work");

    assertThat(startOnATakenPort(directory)).hasMessageContaining("did not start");
    assertThat(directory.toFile().list()).containsExactly("precious.txt");

    Files.writeString(directory.resolve("cluster.json"), DEAD);
    Files.createDirectories(directory.resolve("work/master"));
    assertThat(run(new ClusterStop(), directory)).isNull();
    assertThat(directory.toFile().list()).containsExactly("precious.txt");
    assertThat(precious).hasContent("years of work");
  }

  @Test
  void ofTwoCommandsAtOnceTheSecondIsRefusedAndTouchesNothing() throws Exception {
    Path cluster = directory.resolve("cluster");
    try (ClusterDirectory first = ClusterDirectory.forStart(cluster)) {
      Path made = Files.createDirectory(cluster.resolve("work"));

      assertThat(startOnATakenPort(cluster))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("another 'heron cluster' command is at work in " + cluster);
      assertThat(made).exists();
      Files.writeString(cluster.resolve("cluster.json"), DEAD);
      assertThat(run(new ClusterStop(), cluster)).hasMessageContaining("is at work in");
      assertThat(made).exists();

      first.remove();
    }
    assertThat(cluster).doesNotExist();
  }

  @Test
  void theFilesOfAProcessThatHasNotYetSaidWhereItListensAreNotTaken() throws Exception {
    Path cluster = directory.resolve("cluster");
    ClusterDirectory.forStart(cluster).close();
    Path made = Files.createDirectory(cluster.resolve("work"));
    try (ClusterDirectory process = ClusterDirectory.forProcess(cluster)) {
      assertThat(process.path()).isEqualTo(cluster);
      assertThat(startOnATakenPort(cluster)).hasMessageContaining("is at work in");
      assertThat(made).exists();
      assertThatThrownBy(() -> ClusterDirectory.forProcess(cluster))
          .isInstanceOf(ClientException.class);
    }
    try (ClusterDirectory later = ClusterDirectory.forStop(cluster)) {
      later.remove();
    }
    assertThat(cluster).doesNotExist();
  }
}
