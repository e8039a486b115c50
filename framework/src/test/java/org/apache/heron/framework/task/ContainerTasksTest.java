package org.apache.heron.framework.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How packages and the framework are described. */
class ContainerTasksTest {

  @Test
  void overHttpEachSubmissionHasItsOwnPlaceInTheCache() {
    CommandInfo.URI uri =
        new PackageUri("http://repo:8080/dist/heron-core.tar.gz?x=1", "words-1").toProto();
    // By what follows the last slash the fetcher tells an archive.
    assertThat(uri.getValue())
        .isEqualTo(
            "http://repo:8080/dist/heron-core.tar.gz?x=1#"
                + TaskId.shortHash("words-1")
                + "/heron-core.tar.gz");
    assertThat(uri.getCache()).isTrue();
    assertThat(uri.getExtract()).isTrue();
    assertThat(new PackageUri("https://repo/heron-core.tar.gz#v7", "w").toProto().getValue())
        .isEqualTo(
            "https://repo/heron-core.tar.gz#v7/" + TaskId.shortHash("w") + "/heron-core.tar.gz");
    // Agents fetch nothing from a URI with such characters.
    assertThat(new PackageUri("http://repo/a.tgz", "bob's \\words").toProto().getValue())
        .doesNotContain("'", " ", "\\");
  }

  @Test
  void whatTheFetcherRefusesUnseenIsRefusedHere() {
    for (String uri : List.of("file:///opt/bob's.tar.gz", "http://repo/a\\b.tar.gz")) {
      assertThatThrownBy(new PackageUri(uri, "w")::check).hasMessageContaining("'" + uri + "'");
    }
    new PackageUri("http://repo/a b.tar.gz", "w").check();
  }

  /** With an image the shell begins where that says, and the packages are in the sandbox. */
  @Test
  void theExecutorIsStartedInTheSandboxWhereverTheShellBegins(@TempDir Path directory)
      throws Exception {
    Path sandbox = Files.createDirectories(directory.resolve("a sandbox"));
    Path bin = Files.createDirectories(sandbox.resolve("heron-core/bin"));
    Path executor = Files.writeString(bin.resolve("heron-executor"), "#!/bin/sh\npwd -P\n");
    assertThat(executor.toFile().setExecutable(true)).isTrue();
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", "-c", commandOf(1).getValue())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    shell.environment().put("MESOS_SANDBOX", sandbox.toString());
    Process process = shell.start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(sandbox.toRealPath().toString());
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///opt/heron-core.tar.gz",
        "/opt/heron-core.tar.gz",
        "hdfs://name:8020/heron-core.tar.gz",
        "s3://bucket/heron-core.tar.gz",
        "http://repo"
      })
  void whatCannotBeToldApartIsNotCached(String text) {
    CommandInfo.URI uri = new PackageUri(text, "words-1").toProto();
    assertThat(uri.getValue()).isEqualTo(text);
    assertThat(uri.getCache()).isFalse();
  }

  @Test
  void onlyContainersOfInstancesAreToldTheirMemoryInBytes() {
    assertThat(environmentOf(0)).doesNotContainKey("HERON_CONTAINER_RAM");
    assertThat(environmentOf(3))
        .containsEntry("HERON_CONTAINER_RAM", String.valueOf(1280L << 20))
        .containsEntry("HERON_CONTAINER", "3");
  }

  private static Map<String, String> environmentOf(int container) {
    return commandOf(container).getEnvironment().getVariablesList().stream()
        .collect(Collectors.toMap(Environment.Variable::getName, Environment.Variable::getValue));
  }

  private static CommandInfo commandOf(int container) {
    Topology topology =
        Topology.newBuilder()
            .setName("words")
            .setId("words-1")
            .setState(TopologyState.RUNNING)
            .build();
    Config config =
        ConfigLoader.cluster(
            Config.of(
                Map.of(
                    "heron.config.cluster", "mesos",
                    "heron.config.role", "ada",
                    "heron.config.environ", "default",
                    "heron.directory.home", "./heron-core",
                    "heron.directory.conf", "./heron-conf",
                    "heron.statemgr.connection.string", "127.0.0.1:2181",
                    "heron.statemgr.root.path", "/heron",
                    "heron.topology.definition.file", "words.defn",
                    "heron.topology.binary.file", "words.jar")));
    ContainerTasks tasks =
        new ContainerTasks(
            config, topology, Map.of(), "file:///core", "file:///words", Duration.ofSeconds(1));
    Size size = new Size(1000, 1_280_000, 1_024_000, 9);
    List<Integer> ports = IntStream.range(31000, 31009).boxed().toList();
    return tasks
        .describe(
            TaskId.of("words", "words-1", new ContainerId(container), 1),
            new Placed(new ContainerId(container), size, List.of(), ports),
            new AgentId("a1"))
        .getCommand();
  }

  @Test
  void theFrameworkOutlivesItsSchedulerForAWeekUnlessConfigured() {
    FrameworkInfo usual =
        FrameworkDescription.of(Config.of(Map.of("heron.config.role", "ada")), "words");
    assertThat(usual.getFailoverTimeout()).isEqualTo(604800);
    assertThat(usual.getRolesList()).containsExactly("*");
    assertThat(usual.getName()).isEqualTo("heron_scheduler_words");
    assertThat(usual.getUser()).isEqualTo("ada");
    assertThat(usual.getCheckpoint()).isTrue();
    FrameworkInfo other =
        FrameworkDescription.of(
            Config.of(
                Map.of(
                    "heron.mesos.role", "heron, spare",
                    "heron.mesos.principal", "p",
                    "heron.mesos.framework.failover.timeout.seconds", 60)),
            "words");
    assertThat(other.getRolesList()).containsExactly("heron", "spare");
    assertThat(other.getFailoverTimeout()).isEqualTo(60);
    assertThat(other.getPrincipal()).isEqualTo("p");
  }

  @Test
  void aListOfRolesWithAGapIsRefusedWithValueAndSource() {
    for (String roles : List.of("a,b,,c", "a,", ",a", "a, ,b")) {
      Config config =
          Config.of(
              Map.of("heron.mesos.role", roles),
              Map.of("heron.mesos.role", "conf/mesos/scheduler.yaml"));
      assertThatThrownBy(() -> FrameworkDescription.of(config, "words"))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(
              "heron.mesos.role is '" + roles + "' (from conf/mesos/scheduler.yaml)");
    }
  }

  @Test
  void aFrameworkIsFoundByTheIdOfItsSubmission() {
    FrameworkInfo info = FrameworkDescription.of(Config.of(Map.of()), "words", "words-1");
    assertThat(info.getLabels().getLabelsList())
        .anyMatch(
            label ->
                label.getKey().equals("heron.topology.id") && label.getValue().equals("words-1"));
  }

  @Test
  void aFailoverTimeoutOfNothingIsRefused() {
    Config config = Config.of(Map.of("heron.mesos.framework.failover.timeout.seconds", 0));
    assertThatThrownBy(() -> FrameworkDescription.of(config, "words"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("failover.timeout.seconds is 0");
  }
}
