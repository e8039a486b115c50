package org.apache.heron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from its words to its exit code; what it does is the client's tests' matter. */
class HeronTest {
  @TempDir Path directory;
  // Bound, so that nobody else listens there.
  private final Socket closed = new Socket();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path conf;
  private String savedHome;
  private String savedUserHome;

  @BeforeEach
  void makeHome() throws IOException {
    closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    savedHome = System.getProperty("heron.home");
    savedUserHome = System.getProperty("user.home");
    Path home = directory.resolve("home");
    conf = Files.createDirectories(home.resolve("conf/test"));
    Files.writeString(
        home.resolve("release.yaml"), "heron.build.version : '1.2'\nheron.build.time : now\n");
    Files.writeString(
        conf.resolve("statemgr.yaml"),
        """
        heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
        heron.statemgr.connection.string: LOCALMODE
        heron.statemgr.root.path: %s
        """
            .formatted(directory.resolve("state")));
    System.setProperty("heron.home", home.toString());
    System.setProperty("user.home", directory.resolve("user").toString());
  }

  @AfterEach
  void restore() throws IOException {
    closed.close();
    if (savedHome == null) {
      System.clearProperty("heron.home");
    } else {
      System.setProperty("heron.home", savedHome);
    }
    System.setProperty("user.home", savedUserHome);
  }

  @Test
  void withoutWordsItShowsTheOverview() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("  submit      Submit a topology", "heron help submit");
    assertThat(run("help")).isZero();
    assertThat(run("--help")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    for (CommandTable.Entry entry : CommandTable.ENTRIES) {
      if (CommandTable.present(entry)) {
        out.getBuffer().setLength(0);
        assertThat(run("help", entry.name())).as(entry.name()).isZero();
        assertThat(out.toString()).contains("Usage: heron " + entry.name(), "Example");
      }
    }
    out.getBuffer().setLength(0);
    assertThat(run("help", "scheduler")).isZero();
    assertThat(String.join(" ", out.toString().split("\\s+")))
        .contains("over, with the same containers, when the one that leads has ended");
    assertThat(run("submit", "--help")).isZero();
    out.getBuffer().setLength(0);
    assertThat(run("scheduler", "resume", "-h")).isZero();
    assertThat(out.toString()).contains("Usage: heron scheduler resume");
  }

  @Test
  void doctorSaysWhatIsWrongAndWhatToDo() {
    assertThat(run("doctor", "test")).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "Configuration\n  ok    files         1 files in " + conf,
            "  FAIL  classes       ",
            "\n        -> set heron.class.launcher in ",
            "Shared state\n  ok    state         reached; the first submit creates ",
            " failed, ")
        .doesNotContain("\u001b");

    out.getBuffer().setLength(0);
    assertThat(run("doctor", "test", "--json")).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("{\"cluster\":\"test\",\"status\":\"error\",\"failed\":")
        .contains("{\"section\":\"Configuration\",\"check\":\"files\",\"verdict\":\"ok\"");
    assertThat(out.toString().strip()).doesNotContain("\n");

    out.getBuffer().setLength(0);
    assertThat(run("doctor", "nowhere")).isEqualTo(1);
    assertThat(out.toString()).contains("FAIL  files         Cluster config directory '");

    out.getBuffer().setLength(0);
    assertThat(run("doctor", "test", "--service-url", "http://127.0.0.1:1", "--json")).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("{\"cluster\":\"test\",\"status\":\"error\",\"message\":\"commands for 'test' ")
        .endsWith("host\"}\n");
  }

  @Test
  void whatIsNotUnderstoodEndsWithTwo() {
    assertThat(run("launch")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown command 'launch'");
    assertThat(run("submit", "test")).isEqualTo(2);
    assertThat(run("kill", "test", "words", "more")).isEqualTo(2);
    assertThat(run("kill", "test", "words", "--frobnicate")).isEqualTo(2);
    assertThat(run("restart", "test", "words", "one")).isEqualTo(2);
    assertThat(run("submit", "test", "a.jar", "A", "--dry-run", "--dry-run-format", "xml"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("Invalid dry-run response format: xml");
    assertThat(run("update", "test", "words", "--component-parallelism", "count")).isEqualTo(2);
    assertThat(run("scheduler")).isEqualTo(2);
    assertThat(run("plan", "test")).isEqualTo(2);
    assertThat(run("explain", "test")).isEqualTo(2);
    assertThat(run("explain", "test", "words", "-2")).isEqualTo(2);
    assertThat(run("explain", "test", "words", "one")).isEqualTo(2);
    assertThat(run("history", "test", "words", "1", "2")).isEqualTo(2);
    assertThat(run("restart", "test", "words", "--parallel", "0")).isEqualTo(2);
    assertThat(run("restart", "test", "words", "1", "--parallel", "2")).isEqualTo(2);
    assertThat(err.toString()).contains("--parallel goes with the restart of all containers");
    assertThat(run("update", "test", "words", "--container-number", "1", "--container-number", "2"))
        .isEqualTo(2);
  }

  @Test
  void helpOnWhatIsNotThereEndsWithOne() {
    assertThat(run("help", "launch")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("Unknown subcommand 'launch'\n");
  }

  @Test
  void killingWhatIsNotThereIsOneErrorLine() {
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertError("Failed to kill topology: words: Topology 'words' does not exist");
  }

  @Test
  void otherCommandsSayTheSame() {
    for (String command : new String[] {"activate", "deactivate", "restart"}) {
      err.getBuffer().setLength(0);
      assertThat(run(command, "test", "words")).isEqualTo(1);
      assertError("Failed to " + command + " topology: words: Topology 'words' does not exist");
    }
    err.getBuffer().setLength(0);
    assertThat(run("restart", "test", "words", "1")).isEqualTo(1);
    assertError(
        "Failed to restart container 1 of topology: words: Topology 'words' does not exist");
    err.getBuffer().setLength(0);
    assertThat(run("explain", "test", "words", "--json")).isEqualTo(1);
    assertError("Failed to explain topology: words: Topology 'words' does not exist");
    assertThat(out.toString()).contains("\"status\":\"error\"");
    err.getBuffer().setLength(0);
    assertThat(run("history", "test", "words")).isEqualTo(1);
    assertError("Failed to show the history of topology: words: Topology 'words' does not exist");
    err.getBuffer().setLength(0);
    assertThat(run("scheduler", "standby", "test", "words")).isEqualTo(1);
    assertError(
        "Failed to start a standby scheduler of topology: words: Topology 'words' does not exist");
    err.getBuffer().setLength(0);
    assertThat(run("plan", "test", "words.jar", "Main")).isEqualTo(1);
    assertThat(err.toString()).contains("Failed to plan topology: ", "words.jar");
    err.getBuffer().setLength(0);
    assertThat(run("update", "test", "words")).isEqualTo(1);
    assertError(
        "Failed to update topology: words: Missing arguments --component-parallelism or"
            + " --runtime-config or --container-number");
  }

  @Test
  void programsReadJson() {
    assertThat(run("kill", "test", "words", "--json")).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            "{\"status\":\"error\",\"topology\":\"words\",\"message\":\"Topology 'words' does not"
                + " exist\"}\n");
  }

  @Test
  void aClusterThatIsNotKnownIsOneErrorLine() {
    assertThat(run("kill", "nowhere/ada", "words")).isEqualTo(1);
    assertThat(lastLine()).endsWith("/conf/nowhere' does not exist");
    assertThat(run("kill", "..", "words")).isEqualTo(1);
    assertThat(lastLine()).contains("Argument cluster/[role]/[env] is not correct");
  }

  @Test
  void aBrokenFileIsOneErrorLine() throws IOException {
    Files.writeString(conf.resolve("scheduler.yaml"), "a: 'b\nc: [\n");
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertThat(lastLine()).startsWith("[ERROR]").contains("scheduler.yaml");
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void aMissingTopologyFileIsOneErrorLine() {
    assertThat(run("submit", "test", "none.jar", "A")).isEqualTo(1);
    assertError("Failed to launch topology: Topology file 'none.jar' does not exist");
    assertThat(run("submit", "test", "none.jar", "A", "--config-property", "a")).isEqualTo(1);
    assertThat(lastLine()).contains("Invalid config property format (a) expected key=value");
  }

  @Test
  void noZooKeeperIsOneErrorLine() throws IOException {
    int port = closed.getLocalPort();
    Files.writeString(
        conf.resolve("statemgr.yaml"),
        """
        heron.class.state.manager: org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager
        heron.statemgr.connection.string: 127.0.0.1:%d
        heron.statemgr.root.path: /heron
        heron.statemgr.zookeeper.connection.timeout.ms: 500
        """
            .formatted(port));
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertThat(lastLine()).startsWith("[ERROR]: Failed to ").contains("127.0.0.1:" + port);
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void anApiServerIsAskedIfOneIsNamedOrConfigured() throws IOException {
    int port = closed.getLocalPort();
    String url = "http://127.0.0.1:" + port;
    assertThat(run("kill", "anywhere", "words", "--service-url", url + "/")).isEqualTo(1);
    assertError(
        "Failed to kill topology: words: Cannot reach the API server at "
            + url
            + ": Connection refused; does it run there?");
    assertThat(run("config", "test", "set", "service_url", url)).isZero();
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertThat(lastLine()).contains("Cannot reach the API server at " + url);
    assertThat(run("version", "test")).isEqualTo(1);
    assertThat(lastLine()).contains("Cannot reach the API server at " + url);
    assertThat(run("config", "test", "set", "service_token_file", "/no/such/file")).isZero();
    assertThat(run("activate", "test", "words")).isEqualTo(1);
    assertThat(lastLine()).contains("'/no/such/file' (service_token_file in " + ownFile());
    assertThat(lastLine()).contains("heron config test unset service_token_file");
    assertThat(run("kill", "test", "words", "--service-token-file", "/no/file")).isEqualTo(1);
    assertThat(lastLine()).contains("'/no/file' (--service-token-file) cannot be read");
    assertThat(run("config", "test", "unset", "service_token_file")).isZero();
    assertThat(run("kill", "test", "words", "--service-url", "api:9000")).isEqualTo(1);
    assertThat(lastLine()).contains("'api:9000' (--service-url) must be like http://host:9000");
  }

  private Path ownFile() {
    return directory.resolve("user/.config/heron/test/cli.yaml");
  }

  @Test
  void anAddressThatIsNoneIsRefusedWhenItIsSet() {
    for (String wrong : new String[] {"ftp://x", "api:9000", "http://", "", "http://a b"}) {
      err.getBuffer().setLength(0);
      assertThat(run("config", "test", "set", "service_url", wrong)).as(wrong).isEqualTo(2);
      assertThat(err.toString())
          .contains("service_url must be like http://host:9000, and not '" + wrong + "'");
    }
    assertThat(ownFile()).doesNotExist();
  }

  @Test
  void ofAnAddressThatWasSetBeforeTheFileAndTheRemedyAreSaid() throws IOException {
    Files.createDirectories(ownFile().getParent());
    Files.writeString(ownFile(), "service_url: ftp://x\n");
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertError(
        "Failed to kill topology: words: The API server's address 'ftp://x' (service_url in "
            + ownFile()
            + ", which heron config test unset service_url removes) must be like"
            + " http://host:9000");
    assertThat(run("config", "test", "unset", "service_url")).isZero();
    assertThat(run("kill", "test", "words")).isEqualTo(1);
    assertThat(lastLine()).contains("Topology 'words' does not exist");
  }

  @Test
  void aUsersSettingsAreKeptPerCluster() {
    assertThat(run("config", "test", "list")).isZero();
    assertThat(run("config", "test", "set", "service_url", "http://api:9000")).isZero();
    assertThat(run("config", "test", "list")).isZero();
    assertThat(run("config", "test", "set", "color", "red")).isZero();
    assertThat(run("config", "test", "unset", "service_url")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            No config for cluster test
            Updated property [service_url] for cluster test
            service_url = http://api:9000
            Error: Unknown property [color] for cluster test
            Cleared property [service_url] for cluster test
            """);
    assertThat(directory.resolve("user/.config/heron/test/cli.yaml")).doesNotExist();
    assertThat(run("config", "test", "drop")).isEqualTo(2);
    assertThat(run("config", "test", "set", "service_url")).isEqualTo(2);
    assertThat(run("config", "../x", "list")).isEqualTo(2);
  }

  @Test
  void theVersionIsThatOfTheRelease() throws IOException {
    assertThat(run("version")).isZero();
    assertThat(run("version", "--json")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            heron.build.time : now
            heron.build.version : 1.2
            {"heron.build.time":"now","heron.build.version":"1.2"}
            """);
    Files.delete(directory.resolve("home/release.yaml"));
    assertThat(run("version")).isEqualTo(1);
    assertThat(lastLine()).contains("Required file not found");
  }

  @Test
  void withoutAHomeItSaysWhatToDo() {
    System.setProperty("heron.home", directory.resolve("none").toString());
    assertThat(run("version")).isEqualTo(1);
    assertThat(lastLine()).contains("is not a directory");
  }

  private int run(String... words) {
    return Heron.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }

  private void assertError(String message) {
    assertThat(lastLine()).isEqualTo("[ERROR]: " + message);
    assertThat(err.toString().lines().filter(line -> line.contains("[ERROR]"))).hasSize(1);
  }

  /** The last line on standard error, without its time. */
  private String lastLine() {
    String last = err.toString().lines().reduce("", (before, line) -> line);
    return last.replaceFirst("^\\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} [+-][0-9]{4}\\] ", "");
  }
}
