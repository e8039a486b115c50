package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command, once carried out here and once by an API server: the same words, the same results,
 * the same exit codes.
 */
class ServiceModeTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final String NAME = "both";

  @TempDir static Path clusterDirectory;
  private static Cluster cluster;

  @TempDir Path directory;
  private Heron heron;

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
    heron = cluster.configure(Heron.in(directory));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", NAME)).as("nodes in ZooKeeper").isEmpty();
    }
    assertThat(Pages.json(cluster.master(), "/state").path("frameworks")).isEmpty();
    // A standby ends when it finds the topology gone.
    await()
        .atMost(Topology.PATIENCE)
        .untilAsserted(
            () -> assertThat(Processes.mentioning(directory.toString())).as("processes").isEmpty());
    Path store = heron.userHome().resolve(".herondata");
    try (Stream<Path> files = Files.walk(store)) {
      // What guards the locks of local state stays, and is empty.
      assertThat(files.filter(Files::isRegularFile).filter(file -> file.toFile().length() > 0))
          .as("files")
          .isEmpty();
    }
  }

  /**
   * A command and what comes after its topology's place.
   *
   * @param local its exit code where containers are processes of this host, if it is another there
   * @param words the command, the place left out
   */
  private record Row(int exit, int local, List<String> words) {
    Row(int exit, String... words) {
      this(exit, exit, List.of(words));
    }

    Row onLocal(int other) {
      return new Row(exit, other, words);
    }

    int exitOn(String cluster) {
      return cluster.equals("local") ? local : exit;
    }
  }

  /** In their order: what each finds is what those before it have left. */
  private static List<Row> table() {
    String jar = Heron.examples().toString();
    return List.of(
        new Row(1, "kill", NAME),
        new Row(1, "activate", NAME),
        new Row(1, "restart", NAME, "1"),
        new Row(1, "update", NAME, "--container-number", "2"),
        new Row(1, "explain", NAME, "--json"),
        new Row(1, "submit", "/no/such/topology.jar", MAIN, NAME),
        new Row(1, "submit", jar, "org.example.Absent", NAME),
        new Row(0, "submit", jar, MAIN, NAME, "--dry-run", "--dry-run-format", "raw"),
        new Row(0, "submit", jar, MAIN, NAME, "--dry-run", "--dry-run-format", "json"),
        new Row(0, "submit", jar, MAIN, NAME, "--dry-run", "--dry-run-format", "table"),
        new Row(0, "submit", jar, MAIN, NAME, "--dry-run", "--dry-run-format", "colored_table"),
        new Row(0, "plan", jar, MAIN, NAME),
        new Row(0, "submit", jar, MAIN, NAME),
        new Row(1, "submit", jar, MAIN, NAME),
        new Row(0, "deactivate", NAME),
        new Row(0, "deactivate", NAME),
        new Row(0, "activate", NAME, "--json"),
        new Row(0, "explain", NAME),
        new Row(1, "explain", NAME, "77"),
        new Row(0, "history", NAME),
        new Row(0, "update", NAME, "--component-parallelism", "word:3", "--dry-run"),
        new Row(1, "update", NAME, "--component-parallelism", "nobody:3"),
        new Row(1, "update", NAME),
        new Row(2, "update", NAME, "--component-parallelism", "word"),
        new Row(0, "update", NAME, "--runtime-config", "topology.debug:false"),
        new Row(0, "restart", NAME, "1"),
        new Row(0, "restart", NAME),
        new Row(1, "restart", NAME, "77"),
        new Row(1, "scheduler resume", NAME),
        // Local containers run on without a scheduler.
        new Row(0, "scheduler standby", NAME).onLocal(1),
        new Row(0, "update", NAME, "--container-number", "2"),
        new Row(0, "kill", NAME, "--json"),
        new Row(1, "kill", NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesos", "local"})
  void everyCommandSaysAndDoesTheSameInBothWays(String name) throws Exception {
    List<Said> direct = new ArrayList<>();
    table().forEach(row -> direct.add(say(name, row)));
    List<Said> served = new ArrayList<>();
    ApiProcess server = ApiProcess.start(heron, name, heron.conf(name), directory);
    try {
      table().forEach(row -> served.add(say(name, row, "--service-url", server.url())));
    } finally {
      server.end();
    }

    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < direct.size(); i++) {
      Row row = table().get(i);
      Said here = direct.get(i);
      Said there = served.get(i);
      softly
          .assertThat(here.exit())
          .as("%s%n%s", here.words(), here.err())
          .isEqualTo(row.exitOn(name));
      softly
          .assertThat(there.exit())
          .as("%s%n%s", there.words(), there.err())
          .isEqualTo(here.exit());
      softly.assertThat(there.lines()).as("%s", here.words()).isEqualTo(here.lines());
      if (!row.words().get(0).equals("history")) {
        // What happened, happened at other times.
        softly.assertThat(there.out()).as("%s", here.words()).isEqualTo(here.out());
      }
    }
    softly.assertAll();
  }

  @Test
  void aSchedulerThatDiesWithItsApiServerIsStartedAgainWithIt() throws Exception {
    Topology topology = new Topology(heron, cluster, NAME);
    ApiProcess server = ApiProcess.start(heron, "mesos", heron.conf("mesos"), directory);
    topology.submit(MAIN, "--service-url", server.url()).succeeds();
    topology.awaitAllRunning();
    Map<Integer, String> before = tasks(topology);
    // As when their host falls, of which Mesos' agents are independent.
    Processes.crash(server.handle());
    Processes.crash(topology.scheduler());

    ApiProcess again = ApiProcess.start(heron, "mesos", heron.conf("mesos"), directory);
    try {
      topology.awaitAllRunning();
      assertThat(tasks(topology)).isEqualTo(before);
      topology.command("kill", "--service-url", again.url()).succeeds();
    } finally {
      again.end();
    }
  }

  private static Map<Integer, String> tasks(Topology topology) {
    Map<Integer, String> tasks = new TreeMap<>();
    topology
        .containers()
        .forEach((id, container) -> tasks.put(id, container.path("taskId").asText()));
    return tasks;
  }

  /** What a command said, and how it ended. */
  private record Said(List<String> words, int exit, String out, String err) {
    /**
     * Lines that do not depend on how fast the cluster is: all but the stages, without times, ports
     * and ids.
     */
    List<String> lines() {
      return err.lines()
          .map(line -> line.replaceFirst("^\\[[^\\]]*\\] ", ""))
          .filter(
              line ->
                  line.startsWith("[ERROR]")
                      || line.startsWith("[WARN]")
                      || line.matches("\\[INFO\\]: (Successfully|Launching|Scheduler's).*"))
          .map(Said::settled)
          .toList();
    }

    private static String settled(String text) {
      return text.replaceAll("127\\.0\\.0\\.1:\\d+|localhost:\\d+", "host:port")
          .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "time")
          .replaceAll("heron-submit\\d+", "work")
          .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id")
          .replaceAll("both-(\\d+)-(\\d+)-[0-9a-f]{8}|process \\d+", "task")
          .replaceAll("\\d+ (s|min|h|d)( \\d+ (s|min|h))?\\b", "age")
          .replaceAll(" +", " ");
    }
  }

  private Said say(String cluster, Row row, String... more) {
    List<String> words = new ArrayList<>(List.of(row.words().get(0).split(" ")));
    words.add(cluster + "/" + System.getProperty("user.name"));
    words.addAll(row.words().subList(1, row.words().size()));
    words.add("--config-path");
    words.add(heron.conf(cluster).getParent().toString());
    words.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> saved =
        Map.of(
            "heron.home", System.getProperty("heron.home", ""),
            "user.home", System.getProperty("user.home"));
    System.setProperty("heron.home", Heron.home().toString());
    System.setProperty("user.home", heron.userHome().toString());
    try {
      int exit =
          org.apache.heron.cli.Heron.run(
              new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
      return new Said(words, exit, Said.settled(out.toString()), err.toString());
    } finally {
      saved.forEach(System::setProperty);
    }
  }
}
