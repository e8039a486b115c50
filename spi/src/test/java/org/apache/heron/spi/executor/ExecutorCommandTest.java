package org.apache.heron.spi.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.topology.TopologyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorCommandTest {
  private static final Map<String, ByteAmount> RAM =
      Map.of("word", ByteAmount.ofMegabytes(512), "count", ByteAmount.ofGigabytes(1));

  @Test
  void theWordsAreUpstreamsInUpstreamsOrder() {
    ExecutorCommand command =
        ExecutorCommand.of(
            cluster(Map.of()),
            topology(
                Map.of(
                    "topology.worker.childopts", "-Da=b -Xss1m",
                    "topology.additional.classpath", "a.jar:b.jar")),
            RAM,
            3,
            ports());

    assertThat(command.words())
        .containsExactly(
            "./heron-core/bin/heron-executor",
            "--topology-name=words",
            "--topology-id=words-1",
            "--topology-defn-file=words.defn",
            "--state-manager-connection=127.0.0.1:2181",
            "--state-manager-root=/heron",
            "--state-manager-config-file=./heron-conf/statemgr.yaml",
            "--tmanager-binary=./heron-core/bin/heron-tmanager",
            "--stmgr-binary=./heron-core/bin/heron-stmgr",
            "--metrics-manager-classpath=./heron-core/lib/metricsmgr/*",
            "--instance-jvm-opts=\"LURhPWIgLVhzczFt\"",
            "--classpath=words.jar:a.jar:b.jar",
            "--heron-internals-config-file=./heron-conf/heron_internals.yaml",
            "--override-config-file=./heron-conf/override.yaml",
            "--component-ram-map=count:1073741824,word:536870912",
            "--component-jvm-opts=\"\"",
            "--pkg-type=jar",
            "--topology-binary-file=words.jar",
            "--heron-java-home=/usr/lib/jvm/default-java",
            "--heron-shell-binary=./heron-core/bin/heron-shell",
            "--cluster=mesos",
            "--role=alice",
            "--environment=default",
            "--instance-classpath=./heron-core/lib/instance/*",
            "--metrics-sinks-config-file=./heron-conf/metrics_sinks.yaml",
            "--scheduler-classpath=./heron-core/lib/scheduler/*:./heron-core/lib/packing/*"
                + ":./heron-core/lib/statemgr/*",
            "--python-instance-binary=./heron-core/bin/heron-python-instance",
            "--cpp-instance-binary=./heron-core/bin/heron-cpp-instance",
            "--metricscache-manager-classpath=./heron-core/lib/metricscachemgr/*",
            "--metricscache-manager-mode=disabled",
            "--is-stateful=false",
            "--checkpoint-manager-classpath=./heron-core/lib/ckptmgr/*"
                + ":./heron-core/lib/statefulstorage/*:",
            "--stateful-config-file=./heron-conf/stateful.yaml",
            "--checkpoint-manager-ram=1073741824",
            "--health-manager-mode=disabled",
            "--health-manager-classpath=./heron-core/lib/healthmgr/*",
            "--shard=3",
            "--server-port=31000",
            "--tmanager-controller-port=31001",
            "--tmanager-stats-port=31002",
            "--shell-port=31003",
            "--metrics-manager-port=31004",
            "--scheduler-port=31005",
            "--metricscache-manager-server-port=31006",
            "--metricscache-manager-stats-port=31007",
            "--checkpoint-manager-port=31008");
  }

  @Test
  void optionalWordsStandWhereUpstreamPutsThem() {
    ExecutorCommand command =
        ExecutorCommand.of(
                cluster(Map.of(Key.VERBOSE_GC.text(), true)), topology(Map.of()), RAM, 0, ports())
            .withDebuggerPorts(List.of(5005, 5006));

    List<String> words = command.words();
    assertThat(words.get(words.indexOf("--verbose-gc") - 1)).startsWith("--heron-java-home=");
    assertThat(words.get(words.size() - 1)).isEqualTo("--jvm-remote-debugger-ports=5005,5006");
  }

  @Test
  void anArchiveBringsItsLibraries() {
    for (String archive : List.of("my.tar", "my.tar.gz")) {
      List<String> words =
          ExecutorCommand.topologyArguments(
              cluster(Map.of(Key.TOPOLOGY_BINARY_FILE.text(), "some/dir/" + archive)),
              topology(Map.of()),
              RAM);

      assertThat(words)
          .contains(
              "--classpath=libs/*:my.jar", "--topology-binary-file=" + archive, "--pkg-type=tar");
    }
  }

  @Test
  void aStatefulTopologyTellsSo() {
    List<String> words =
        ExecutorCommand.topologyArguments(
            cluster(Map.of()),
            topology(
                Map.of(
                    "topology.reliability.mode", "EFFECTIVELY_ONCE",
                    "topology.stateful.checkpointmanager.ram", "268435456")),
            RAM);

    assertThat(words).contains("--is-stateful=true", "--checkpoint-manager-ram=268435456");
  }

  @Test
  void whatIsMissingOrMalformedIsNamed() {
    Map<ExecutorPort, Integer> few = new EnumMap<>(ports());
    few.remove(ExecutorPort.SHELL);
    assertThatThrownBy(() -> ExecutorCommand.of(cluster(Map.of()), topology(Map.of()), RAM, 1, few))
        .hasMessage("Required port shell-port not provided");
    Topology malformed = topology(Map.of("topology.stateful.checkpointmanager.ram", "1 GB"));
    assertThatThrownBy(() -> ExecutorCommand.topologyArguments(cluster(Map.of()), malformed, RAM))
        .isInstanceOf(TopologyException.class)
        .hasMessageContaining("topology.stateful.checkpointmanager.ram")
        .hasMessageContaining("1 GB");
  }

  @Test
  void aShellPassesEveryWordOnAsItIs(@TempDir Path directory) throws Exception {
    Files.createFile(directory.resolve("--classpath=libs"));
    ExecutorCommand real =
        ExecutorCommand.of(
            cluster(Map.of(Key.ROLE.text(), "o'neil $HOME `id` \\ \"x\"\nsecond")),
            topology(Map.of("topology.worker.childopts", "-Dx='a b' -Dy=\"*\"")),
            RAM,
            1,
            ports());
    List<String> words = new ArrayList<>(real.words());
    words.add("--glob=*");
    words.add("*");
    words.add("");

    assertThat(throughShell(new ExecutorCommand(words), directory)).isEqualTo(words);
  }

  @Test
  void theShellExpandsTheJavaHomeOnly(@TempDir Path directory) throws Exception {
    ExecutorCommand command =
        new ExecutorCommand(
            List.of("x", "--heron-java-home=${TEST_JAVA}/a \"b\" $(id)", "--cluster=$TEST_JAVA"));

    assertThat(throughShell(command, directory))
        .containsExactly("x", "--heron-java-home=/opt/java/a \"b\" $(id)", "--cluster=$TEST_JAVA");
  }

  @Test
  void encodedOptionsComeBack() {
    for (String options : List.of("", "a", "ab", "-Xmx1g -Dü=\"x y\"", "{\"d29yZA==\":\"LVg=\"}")) {
      String encoded = EncodedOptions.encode(options);
      assertThat(encoded).doesNotContain("=").startsWith("\"").endsWith("\"");
      assertThat(EncodedOptions.decode(encoded)).isEqualTo(options);
    }
    assertThat(EncodedOptions.decode("YQ&equals;&equals;")).isEqualTo("a");
    assertThatThrownBy(() -> EncodedOptions.decode("\"-Xmx1g!\""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Xmx1g!");
  }

  private static List<String> throughShell(ExecutorCommand command, Path directory)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "printf '%s\\0' " + command.shellLine())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("TEST_JAVA", "/opt/java");
    Process shell = builder.start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(output).isZero();
    List<String> words = new ArrayList<>(List.of(output.split("\0", -1)));
    words.remove(words.size() - 1);
    return words;
  }

  private static Map<ExecutorPort, Integer> ports() {
    Map<ExecutorPort, Integer> ports = new EnumMap<>(ExecutorPort.class);
    for (ExecutorPort port : ExecutorPort.values()) {
      ports.put(port, 31000 + ports.size());
    }
    return ports;
  }

  /** The defaults as cluster mode expands them, and what a submit sets. */
  private static Config cluster(Map<String, Object> others) {
    Map<String, Object> values = new HashMap<>();
    for (Key key : Key.values()) {
      key.defaultValue()
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .ifPresent(
              value ->
                  values.put(
                      key.text(),
                      value
                          .replaceAll("\\$\\{HERON_(BIN|LIB)}", "./heron-core/$1")
                          .replace("/BIN", "/bin")
                          .replace("/LIB", "/lib")
                          .replace("${HERON_CONF}", "./heron-conf")));
    }
    values.put(Key.CLUSTER.text(), "mesos");
    values.put(Key.ROLE.text(), "alice");
    values.put(Key.ENVIRON.text(), "default");
    values.put(Key.STATEMGR_CONNECTION_STRING.text(), "127.0.0.1:2181");
    values.put(Key.STATEMGR_ROOT_PATH.text(), "/heron");
    values.put(Key.TOPOLOGY_DEFINITION_FILE.text(), "/somewhere/words.defn");
    values.put(Key.TOPOLOGY_BINARY_FILE.text(), "words.jar");
    values.putAll(others);
    return Config.of(values);
  }

  private static Topology topology(Map<String, String> settings) {
    TopologyAPI.Config.Builder config = TopologyAPI.Config.newBuilder();
    settings.forEach(
        (key, value) ->
            config.addKvs(
                TopologyAPI.Config.KeyValue.newBuilder()
                    .setKey(key)
                    .setValue(value)
                    .setType(TopologyAPI.ConfigValueType.STRING_VALUE)));
    return Topology.newBuilder()
        .setId("words-1")
        .setName("words")
        .setState(TopologyAPI.TopologyState.RUNNING)
        .setTopologyConfig(config)
        .build();
  }
}
