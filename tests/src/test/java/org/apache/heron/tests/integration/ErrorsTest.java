package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that goes wrong gives one clear line and the right exit code, and leaves nothing. */
class ErrorsTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final String SHORT_WAIT = "heron.submit.timeout.seconds=8";

  /** To register, be offered something, and find out what is wrong with it. */
  private static final String LONG_ENOUGH_FOR_A_VERDICT = "heron.submit.timeout.seconds=20";

  @TempDir static Path clusterDirectory;
  private static Cluster cluster;

  @TempDir Path directory;
  // Bound, so that nobody else listens there.
  private final Socket closed = new Socket();
  private Heron heron;
  private Topology topology;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(clusterDirectory, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void configure() throws Exception {
    closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    heron = cluster.configure(Heron.in(directory));
    topology = new Topology(heron, cluster, "troubled");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    closed.close();
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", "troubled")).as("nodes in ZooKeeper").isEmpty();
    }
    assertThat(Pages.json(cluster.master(), "/state").path("frameworks"))
        .as("frameworks")
        .isEmpty();
    assertThat(Processes.mentioning(directory.toString())).as("processes").isEmpty();
    assertThat(topology.workingDirectory()).as("working directory").doesNotExist();
    Path packages = heron.userHome().resolve(".herondata/repository");
    if (Files.exists(packages)) {
      try (Stream<Path> files = Files.walk(packages)) {
        assertThat(files.filter(Files::isRegularFile)).as("uploaded packages").isEmpty();
      }
    }
  }

  @Test
  void aCorePackageThatCannotBeFetchedIsNamed() throws Exception {
    topology
        .submit(
            MAIN,
            "--config-property",
            "heron.package.core.uri=file:///no/such/heron-core.tar.gz",
            "--config-property",
            LONG_ENOUGH_FOR_A_VERDICT)
        .failsWith(1, "/no/such/heron-core.tar.gz");
  }

  @Test
  void aJarWithoutTheClassIsNamed() throws Exception {
    topology.submit("org.example.Absent").failsWith(1, "org.example.Absent");
  }

  @Test
  void aMainThatThrowsShowsWhatItSaid() throws Exception {
    Heron.Result result =
        heron.run(
            "submit",
            Topology.target(),
            Heron.examples().toString(),
            MAIN,
            "troubled",
            "minus-one");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err() + result.out()).contains("NumberFormatException", "minus-one", MAIN);
  }

  @Test
  void aSecondTopologyOfOneNameIsRefusedAndTheFirstRunsOn() throws Exception {
    topology.submit(MAIN).succeeds();

    topology.submit(MAIN).failsWith(1, "troubled", "already");

    topology.awaitAllRunning();
    topology.awaitTuplesFlow();
    topology.command("kill").succeeds();
  }

  @Test
  void aZooKeeperThatDoesNotAnswerIsNamed() throws Exception {
    int port = closed.getLocalPort();
    heron.configure(
        "mesos",
        "statemgr.yaml",
        Map.of(
            "heron.statemgr.connection.string",
            "127.0.0.1:" + port,
            "heron.statemgr.zookeeper.connection.timeout.ms",
            "3000"));

    topology.submit(MAIN).failsWith(1, "127.0.0.1:" + port, "heron.statemgr.connection.string");
  }

  @Test
  void aMesosMasterThatDoesNotAnswerIsNamed() throws Exception {
    int port = closed.getLocalPort();
    heron.configure(
        "mesos", "scheduler.yaml", Map.of("heron.mesos.master.uri", "127.0.0.1:" + port));

    topology
        .submit(MAIN, "--config-property", SHORT_WAIT)
        .failsWith(1, "127.0.0.1:" + port, "heron.mesos.master.uri");
  }

  @Test
  void aRoleThatIsNoUserOfTheAgentsIsNamed() throws Exception {
    heron
        .run(
            "submit",
            "mesos/no_such_user",
            Heron.examples().toString(),
            MAIN,
            "troubled",
            "--config-property",
            LONG_ENOUGH_FOR_A_VERDICT)
        .failsWith(1, "no_such_user");
  }

  @Test
  void commandsForAnotherRoleAreRefused() throws Exception {
    topology.submit(MAIN).succeeds();

    heron
        .run("kill", "mesos/someone_else", "troubled")
        .failsWith(1, "someone_else", Topology.target().substring("mesos/".length()));

    topology.awaitAllRunning();
    topology.command("kill").succeeds();
  }

  @Test
  void resourcesThatNoAgentHasAreSaid() throws Exception {
    topology
        .submit(
            MAIN,
            "--config-property",
            "heron.mesos.tmanager.cpu=5000",
            "--config-property",
            LONG_ENOUGH_FOR_A_VERDICT)
        .failsWith(1, "5000", "cpus");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() throws Exception {
    Files.writeString(heron.conf("mesos").resolve("client.yaml"), "heron.package: [unclosed\n");

    topology.submit(MAIN).failsWith(1, "client.yaml", "line");
  }

  @Test
  void aPortInUseIsNamedByClusterStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      heron
          .run(
              "cluster",
              "start",
              "--port=" + taken.getLocalPort(),
              "--zookeeper-port=0",
              "--directory=" + directory.resolve("cluster"))
          .failsWith(1, Integer.toString(taken.getLocalPort()));
    }
    assertThat(directory.resolve("cluster")).doesNotExist();
  }

  @Test
  void wrongUsageIsExitCodeTwo() throws Exception {
    assertThat(heron.run("submit").exit()).isEqualTo(2);
    assertThat(heron.run("kill", Topology.target()).exit()).isEqualTo(2);
    assertThat(heron.run("restart", Topology.target(), "troubled", "one").exit()).isEqualTo(2);
    assertThat(heron.run("nonsense").exit()).isEqualTo(2);
    List<String> help = heron.run("help").succeeds().out().lines().toList();
    assertThat(help).anyMatch(line -> line.contains("submit"));
  }
}
