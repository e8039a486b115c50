package org.apache.heron.framework.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How packages and the framework are described. */
class ContainerTasksTest {

  @Test
  void overHttpEachSubmissionHasItsOwnPlaceInTheCache() {
    CommandInfo.URI uri =
        new PackageUri("http://repo:8080/dist/heron-core.tar.gz?x=1", "words-1").toProto();
    assertThat(uri.getValue()).isEqualTo("http://repo:8080/dist/heron-core.tar.gz?x=1#words-1");
    assertThat(uri.getCache()).isTrue();
    assertThat(uri.getExtract()).isTrue();
    assertThat(uri.getOutputFile()).isEqualTo("heron-core.tar.gz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///opt/heron-core.tar.gz",
        "/opt/heron-core.tar.gz",
        "hdfs://name:8020/heron-core.tar.gz",
        "s3://bucket/heron-core.tar.gz",
        "http://repo/heron-core.tar.gz#v7",
        "http://repo"
      })
  void whatCannotBeToldApartIsNotCached(String text) {
    CommandInfo.URI uri = new PackageUri(text, "words-1").toProto();
    assertThat(uri.getValue()).isEqualTo(text);
    assertThat(uri.getCache()).isFalse();
    assertThat(uri.hasOutputFile()).isFalse();
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
  void aFailoverTimeoutOfNothingIsRefused() {
    Config config = Config.of(Map.of("heron.mesos.framework.failover.timeout.seconds", 0));
    assertThatThrownBy(() -> FrameworkDescription.of(config, "words"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("failover.timeout.seconds is 0");
  }
}
