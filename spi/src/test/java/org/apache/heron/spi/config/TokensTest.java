package org.apache.heron.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  private static Object expand(String value, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(more);
    values.putIfAbsent("heron.directory.home", "/usr/local/heron");
    values.put("the.value", value);
    return Tokens.expand(values, Map.of("JAVA_HOME", "/opt/java")::get).get("the.value");
  }

  @ParameterizedTest
  @CsvSource({
    "./bin, ./bin",
    "${HERON_HOME}/bin, /usr/local/heron/bin",
    "./${HERON_HOME}/bin, ./usr/local/heron/bin",
    "/bin/${HERON_HOME}/etc, /bin/usr/local/heron/etc",
    "file://${HERON_DIST}/heron-core.tar.gz, file:///usr/local/heron/dist/heron-core.tar.gz",
    "http://a.example/x//y/, http://a.example/x/y",
    "'zk://a:1,b:2/mesos', 'zk://a:1,b:2/mesos'",
    "https//a//b, https/a/b",
    "a//b/, a/b",
    "/, /",
    "'  plain ', plain",
    "${HERON_LIB}/scheduler/*, /usr/local/heron/lib/scheduler/*",
    "${JAVA_HOME}/bin/java, /opt/java/bin/java",
    "127.0.0.1:2181, 127.0.0.1:2181",
  })
  void aTokenIsReplacedOnlyAsAWholeElementOfAPath(String written, String expanded) {
    assertThat(expand(written, Map.of())).isEqualTo(expanded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x${HERON_HOME}",
        "${HERON_HOME}x",
        "${}",
        "$HERON_HOME",
        "$JAVA_HOME",
        "${UNKNOWN}",
        "${heron_home}",
        "${ROLE}/x",
        "",
        "x-${CLUSTER}"
      })
  void whatIsNoTokenOrHasNoValueStaysAsItIs(String written) {
    assertThat(expand(written, Map.of())).isEqualTo(written);
  }

  @Test
  void homeIsTheUsersHome() {
    String home = System.getProperty("user.home");
    assertThat(expand("~/.herondata", Map.of())).isEqualTo(home + "/.herondata");
    assertThat(expand("${HOME}/.herondata", Map.of())).isEqualTo(home + "/.herondata");
    assertThat(expand("x~/a", Map.of())).isEqualTo("x~/a");
  }

  @Test
  void topologyIsTheTopologysName() {
    assertThat(
            expand(
                "/d/${CLUSTER}/${ROLE}/${TOPOLOGY}/${TOPOLOGY_NAME}",
                Map.of(
                    "heron.config.cluster", "mesos",
                    "heron.config.role", "ads",
                    "heron.topology.name", "words")))
        .isEqualTo("/d/mesos/ads/words/words");
  }

  @Test
  void aTokenThatStandsForTokensIsExpandedToTheEnd() {
    assertThat(
            expand(
                "${HERON_ETC}/x",
                Map.of(
                    "heron.directory.etc", "${HERON_LIB}/etc",
                    "heron.directory.lib", "${HERON_BIN}/lib",
                    "heron.directory.bin", "${HERON_HOME}/bin")))
        .isEqualTo("/usr/local/heron/bin/lib/etc/x");
  }

  @Test
  void withoutJavaHomeTheJavaThatRunsIsTaken() {
    Object home = Tokens.expand(Map.of("the.value", "${JAVA_HOME}"), name -> null).get("the.value");
    Object blank = Tokens.expand(Map.of("the.value", "${JAVA_HOME}"), name -> " ").get("the.value");
    assertThat(home).isEqualTo(System.getProperty("java.home")).isEqualTo(blank);
  }

  @Test
  void aNumberCanBeATokensValueButAMapCannot() {
    assertThat(expand("/r/${ROLE}", Map.of("heron.config.role", 1234))).isEqualTo("/r/1234");
    assertThatThrownBy(
            () ->
                expand(
                    "/r/${DOWNLOADER_PROTOCOLS}",
                    Map.of("heron.downloader.registry", Map.of("a", "b"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("${DOWNLOADER_PROTOCOLS}");
  }

  @Test
  void textInsideMapsAndListsStaysAsItIs() {
    Map<String, Object> values = Map.of("a", List.of("${HOME}"), "b", Map.of("c", "~/x"));
    assertThat(Tokens.expand(values, System::getenv)).isEqualTo(values);
  }

  @Test
  void valuesThatNameOneAnotherInACircleComeToAnEnd() {
    Object value =
        expand(
            "${HERON_BIN}",
            Map.of(
                "heron.directory.bin", "${HERON_LIB}",
                "heron.directory.lib", "${HERON_BIN}"));
    assertThat(value.toString()).contains("${");
  }
}
