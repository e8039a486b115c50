package org.apache.heron.framework.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.DiscoveryInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users may say of containers' tasks. */
class TaskOptionsTest {
  private static TaskOptions options(Map<String, ?> values) {
    return TaskOptions.of(Config.of(values));
  }

  @Test
  void unlessConfiguredTheShellIsAskedAndContainersRunOnTheAgentAsItIs() {
    TaskOptions usual = options(Map.of());
    HealthCheck check = usual.health().toProto(31003).orElseThrow();
    assertThat(check.getType()).isEqualTo(HealthCheck.Type.HTTP);
    assertThat(check.getHttp().getPort()).isEqualTo(31003);
    assertThat(check.getHttp().getPath()).isEqualTo("/health");
    assertThat(check.getGracePeriodSeconds()).isEqualTo(300);
    assertThat(check.getIntervalSeconds()).isEqualTo(10);
    assertThat(check.getConsecutiveFailures()).isEqualTo(6);
    assertThat(usual.container().toProto()).isEmpty();
    assertThat(usual.killGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(usual.visibility()).isEqualTo(DiscoveryInfo.Visibility.CLUSTER);
  }

  @Test
  void aConnectionIsEnoughOrNothingIsLookedAt() {
    HealthCheck tcp =
        options(
                Map.of(
                    "heron.mesos.health.check.type", "TCP",
                    "heron.mesos.health.check.interval.ms", 1500,
                    "heron.mesos.health.check.failures", 1))
            .health()
            .toProto(31003)
            .orElseThrow();
    assertThat(tcp.getTcp().getPort()).isEqualTo(31003);
    assertThat(tcp.getIntervalSeconds()).isEqualTo(1.5);
    assertThat(tcp.getConsecutiveFailures()).isEqualTo(1);
    assertThat(options(Map.of("heron.mesos.health.check.type", "none")).health().toProto(31003))
        .isEmpty();
  }

  @Test
  void anImageAndVolumesAreAskedOfMesosOwnContainerizer() {
    ContainerInfo container =
        options(
                Map.of(
                    "heron.mesos.container.type",
                    "mesos",
                    "heron.mesos.container.image",
                    "registry:5000/jre:17",
                    "heron.mesos.container.image.cached",
                    false,
                    "heron.mesos.container.volumes",
                    List.of("/data:/models:ro", "/tmp/x:scratch")))
            .container()
            .toProto()
            .orElseThrow();
    assertThat(container.getType()).isEqualTo(ContainerInfo.Type.MESOS);
    assertThat(container.getMesos().getImage().getDocker().getName())
        .isEqualTo("registry:5000/jre:17");
    assertThat(container.getMesos().getImage().getCached()).isFalse();
    assertThat(container.getVolumes(0).getMode()).isEqualTo(Volume.Mode.RO);
    assertThat(container.getVolumes(0).getHostPath()).isEqualTo("/data");
    assertThat(container.getVolumes(1).getContainerPath()).isEqualTo("scratch");
    assertThat(container.getVolumes(1).getMode()).isEqualTo(Volume.Mode.RW);
  }

  @Test
  void severalValuesAreAMapAListOrOneText() {
    String key = "heron.mesos.container.environment";
    assertThat(options(Map.of(key, Map.of("A", 1))).environment()).containsEntry("A", "1");
    assertThat(options(Map.of(key, List.of("A=1", "B=x=y"))).environment())
        .containsExactly(Map.entry("A", "1"), Map.entry("B", "x=y"));
    assertThat(options(Map.of(key, "A=1, B=")).environment())
        .containsExactly(Map.entry("A", "1"), Map.entry("B", ""));
    assertThat(options(Map.of("heron.mesos.container.labels", "team=streams")).labels())
        .containsEntry("team", "streams");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "health.check.type | smtp | http, tcp or none",
        "health.check.failures | 0 | 1 to 10000",
        "health.check.failures | many | a whole number",
        "health.check.interval.ms | 0 | more than 0",
        "health.check.timeout.ms | -1 | 0 or more",
        "kill.grace.ms | -1 | 0 or more",
        "container.type | docker | mesos or none; type mesos runs Docker images",
        "container.type | lxc | mesos or none",
        "container.image | two words | the name of a Docker image",
        "container.volumes | data:/x | /path/on/host:path/in/container",
        "container.volumes | /a/../b:/x | /path/on/host:path/in/container",
        "container.volumes | /a:/x:rx | /path/on/host:path/in/container",
        "container.environment | A | NAME=value",
        "container.environment | A-B=1 | named as variables of a shell are",
        "container.environment | HERON_CONTAINER=1 | set for each container",
        "container.labels | heron.role=x | does not begin with heron.",
        "discovery.visibility | world | framework, cluster or external",
      })
  void whatIsNoValueIsRefusedWithKeyAndFile(String name, String value, String wanted) {
    String key = "heron.mesos." + name;
    Config config = Config.of(Map.of(key, value), Map.of(key, "scheduler.yaml"));
    assertThatThrownBy(() -> TaskOptions.of(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("scheduler.yaml")
        .hasMessageContaining(wanted);
  }

  @ParameterizedTest
  @CsvSource({"image,jre:17", "volumes,/a:/b"})
  void whatNeedsAContainerIsRefusedWithoutOne(String name, String value) {
    assertThatThrownBy(() -> options(Map.of("heron.mesos.container." + name, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("set heron.mesos.container.type to mesos");
  }
}
