package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before anything is started. */
class MesosSettingsTest {
  @TempDir Path directory;
  private final Map<String, Object> values =
      new HashMap<>(Map.of("heron.mesos.master.uri", "m:5050"));

  private MesosSettings settings() {
    Map<String, String> sources = new HashMap<>();
    values.keySet().forEach(key -> sources.put(key, "scheduler.yaml"));
    return new MesosSettings(Config.of(values, sources));
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> settings().check("words"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsRightIsTaken() throws Exception {
    assertThatCode(() -> settings().check("words")).doesNotThrowAnyException();
    values.put("heron.mesos.principal", "heron");
    values.put(
        "heron.mesos.secret.file", Files.writeString(directory.resolve("s"), "x").toString());
    assertThatCode(() -> settings().check("words")).doesNotThrowAnyException();
  }

  @Test
  void aSecretThatCannotBeReadIsRefused() throws Exception {
    Path absent = directory.resolve("absent");
    values.put("heron.mesos.secret.file", absent.toString());
    assertRefused("heron.mesos.secret.file", "scheduler.yaml", "set heron.mesos.principal");
    values.put("heron.mesos.principal", "heron");
    assertRefused("principal 'heron'", absent.toString(), "no such file");
    Files.write(absent, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertRefused(absent.toString(), "it is no text in UTF-8");
    values.put("heron.mesos.principal", "a:b");
    assertRefused("heron.mesos.principal is 'a:b'", "without a colon");
  }

  @Test
  void aCaFileThatIsNoneIsRefused() {
    values.put("heron.mesos.tls.ca.file", directory.resolve("ca.pem").toString());
    assertRefused("heron.mesos.tls.ca.file", "does not exist");
  }

  @Test
  void aDriverThatIsNoneIsRefused() {
    values.put("heron.mesos.driver", "carrier pigeon");
    assertRefused("heron.mesos.driver is 'carrier pigeon'", "scheduler.yaml", "http or native");
  }

  @Test
  void whatIsWrongForTasksOrContainerZeroIsRefused() {
    values.put("heron.mesos.health.check.type", "ping");
    assertRefused("heron.mesos.health.check.type is 'ping'", "http, tcp or none");
    values.remove("heron.mesos.health.check.type");
    values.put("heron.mesos.tmanager.cpu", "much");
    assertRefused("heron.mesos.tmanager.cpu is 'much'");
  }

  @Test
  void pagesOfAMasterWithTlsAreByHttps() {
    assertThat(settings().masterScheme()).isEqualTo("http");
    values.put("heron.mesos.master.uri", "https://m:5050");
    assertThat(settings().masterScheme()).isEqualTo("https");
  }

  @ParameterizedTest
  @CsvSource({
    "heron.mesos.kill.grace.ms, 9223372036854775807",
    "heron.mesos.unreachable.wait.ms, 9223372036854775807",
    "heron.mesos.backoff.max.ms, 9223372036854775807",
    "heron.mesos.backoff.max.ms, 0",
    "heron.mesos.backoff.min.ms, 0",
    "heron.mesos.framework.failover.timeout.seconds, 9223372036854775807",
    "heron.mesos.framework.failover.timeout.seconds, 0",
    "heron.mesos.tmanager.cpu, -1",
    "heron.mesos.tmanager.cpu, 0",
    "heron.mesos.tmanager.cpu, NaN",
    "heron.mesos.tmanager.cpu, 1e300",
    "heron.mesos.tmanager.ram, 0",
    "heron.mesos.role, 'a b'",
    "heron.mesos.role, -x",
    "heron.mesos.role, ..",
    "heron.mesos.role, 'heron,a/../b'",
    "heron.mesos.role, a/*",
    "heron.mesos.role, a/",
    "heron.mesos.role, /a",
  })
  void whatTheSchedulerOrTheMasterWouldFailOnIsRefusedWithKeyValueAndFile(
      String key, String value) {
    values.put(key, value);
    assertRefused(key + " is", "scheduler.yaml");
  }

  @Test
  void aLongestBackOffBelowTheFirstIsRefusedUnlessTheFirstIsTheUsualOne() {
    values.put("heron.mesos.backoff.max.ms", 5);
    assertThat(settings().timing().backOffFirst()).isEqualTo(Duration.ofMillis(5));
    values.put("heron.mesos.backoff.min.ms", 6);
    assertRefused("heron.mesos.backoff.max.ms is '5'", "heron.mesos.backoff.min.ms, which is 6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "heron", "heron,*", "eng/streaming/heron-1", "a.b", ".a", "a*"})
  void rolesThatMesosKnowsAreTaken(String role) {
    values.put("heron.mesos.role", role);
    assertThatCode(() -> settings().check("words")).doesNotThrowAnyException();
  }
}
