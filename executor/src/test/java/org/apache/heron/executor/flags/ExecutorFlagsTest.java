package org.apache.heron.executor.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.spi.executor.EncodedOptions;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorFlagsTest {

  @Test
  void everyFlagOfUpstreamIsRead() {
    ExecutorFlags flags = ExecutorFlags.parse(words(Map.of()));

    assertThat(flags.shard()).isEqualTo(2);
    assertThat(flags.topology())
        .isEqualTo(
            new ExecutorFlags.TopologyFlags(
                "words", "words-1", "words.defn", "words.jar", "jar", "words.jar:extra.jar"));
    assertThat(flags.state())
        .isEqualTo(
            new ExecutorFlags.StateFlags("127.0.0.1:2181", "/heron", "./heron-conf/statemgr.yaml"));
    assertThat(flags.port(ExecutorPort.SERVER)).isEqualTo(31000);
    assertThat(flags.port(ExecutorPort.CHECKPOINT_MANAGER)).isEqualTo(31008);
    assertThat(flags.jvm().instanceOptions()).isEqualTo("-Da=b");
    assertThat(flags.jvm().componentOptions()).containsExactly(Map.entry("word", "-Dc=d"));
    assertThat(flags.jvm().componentRam())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("word", ByteAmount.ofBytes(2048), "count", ByteAmount.ofBytes(4096)));
    assertThat(flags.jvm().verboseGc()).isFalse();
    assertThat(flags.stateful()).isFalse();
    assertThat(flags.modes().metricsCacheManager()).isEqualTo("disabled");
  }

  @Test
  void aValueMayStandInTheNextWord() {
    List<String> words = new ArrayList<>();
    for (String word : words(Map.of())) {
      words.addAll(Arrays.asList(word.split("=", 2)));
    }
    words.add("--verbose-gc");
    words.add("--jvm-remote-debugger-ports");
    words.add("5005,5006");

    ExecutorFlags flags = ExecutorFlags.parse(words);

    assertThat(flags.topology().name()).isEqualTo("words");
    assertThat(flags.jvm().verboseGc()).isTrue();
    assertThat(flags.jvm().debuggerPorts()).containsExactly(5005, 5006);
  }

  @Test
  void theEnvironmentMayBeEmptyAsInClusterAndRoleAlone() {
    assertThat(ExecutorFlags.parse(words(Map.of("--environment", ""))).environment()).isEmpty();
  }

  @Test
  void theLastOfTwoCounts() {
    List<String> words = new ArrayList<>(words(Map.of()));
    words.add("--shard=7");
    words.add("--component-ram-map=word:1,word:2");

    ExecutorFlags flags = ExecutorFlags.parse(words);

    assertThat(flags.shard()).isEqualTo(7);
    assertThat(flags.jvm().componentRam())
        .containsExactly(Map.entry("word", ByteAmount.ofBytes(2)));
  }

  @Test
  void everyRequiredFlagIsMissed() {
    for (Flag flag : Flag.values()) {
      if (flag.need() == Flag.Need.REQUIRED) {
        List<String> words = new ArrayList<>(words(Map.of()));
        words.removeIf(word -> word.startsWith(flag.text() + "="));
        assertThatThrownBy(() -> ExecutorFlags.parse(words))
            .isInstanceOf(UsageException.class)
            .hasMessage("Missing option '" + flag.text() + "'.");
      }
    }
  }

  @Test
  void whatIsNoFlagIsRefused() {
    assertRefused("--tmaster-binary=x", "No such option: --tmaster-binary");
    assertRefused("stray", "Got unexpected extra argument (stray)");
    assertRefused("--verbose-gc=true", "Option '--verbose-gc' does not take a value.");
    assertRefused("--shard", "Option '--shard' requires an argument.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--shard=one                     | not a whole number",
        "--shard=-1                      | negative",
        "--server-port=65536             | not a port",
        "--server-port=                  | not a whole number",
        "--topology-name=                | must not be empty",
        "--component-ram-map=word        | not component:bytes",
        "--component-ram-map=word:1g     | not a whole number of bytes",
        "--component-ram-map=word:-1     | negative",
        "--instance-jvm-opts=-Xmx1g      | not base64",
        "--component-jvm-opts=\"e30\"x   | not base64",
        "--component-jvm-opts=W10(61)    | not a JSON object",
        "--pkg-type=zip                  | none of jar, tar",
        "--is-stateful=maybe             | not true or false",
        "--checkpoint-manager-ram=1e9    | not a whole number of bytes",
        "--jvm-remote-debugger-ports=a,b | not a port",
      })
  void aValueThatCannotBeIsNamed(String word, String what) {
    assertThatThrownBy(() -> ExecutorFlags.parse(with(word)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(word.substring(0, word.indexOf('=')))
        .hasMessageContaining(what);
  }

  @Test
  void oldBase64AndEmptyOptionsAreRead() {
    assertThat(ExecutorFlags.parse(with("--instance-jvm-opts=YQ&equals;&equals;")).jvm())
        .extracting(ExecutorFlags.JvmFlags::instanceOptions)
        .isEqualTo("a");
    assertThat(ExecutorFlags.parse(with("--component-jvm-opts=\"\"")).jvm().componentOptions())
        .isEmpty();
  }

  private static void assertRefused(String word, String message) {
    assertThatThrownBy(() -> ExecutorFlags.parse(with(word)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  private static List<String> with(String word) {
    List<String> words = new ArrayList<>(words(Map.of()));
    words.add(word);
    return words;
  }

  private static List<String> words(Map<String, String> others) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Flag flag : Flag.values()) {
      if (flag.need() == Flag.Need.REQUIRED) {
        values.put(flag.text(), "x");
      }
    }
    values.put("--shard", "2");
    values.put("--topology-name", "words");
    values.put("--topology-id", "words-1");
    values.put("--topology-defn-file", "words.defn");
    values.put("--topology-binary-file", "words.jar");
    values.put("--pkg-type", "jar");
    values.put("--classpath", "words.jar:extra.jar");
    values.put("--state-manager-connection", "127.0.0.1:2181");
    values.put("--state-manager-root", "/heron");
    values.put("--state-manager-config-file", "./heron-conf/statemgr.yaml");
    values.put("--instance-jvm-opts", EncodedOptions.encode("-Da=b"));
    values.put("--component-jvm-opts", EncodedOptions.encode("{\"d29yZA==\":\"LURjPWQ=\"}"));
    values.put("--component-ram-map", "word:2048,count:4096");
    values.put("--is-stateful", "false");
    values.put("--checkpoint-manager-ram", "1073741824");
    int port = 31000;
    for (ExecutorPort each : ExecutorPort.values()) {
      values.put(each.flag(), Integer.toString(port++));
    }
    values.putAll(others);
    return values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
