package org.apache.heron.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private final Config config =
      Config.of(
          Map.of("n", 5, "t", "7", "neg", -1, "huge", Long.MAX_VALUE, "p", "a\0b", "yes", "TRUE"),
          Map.of("n", "a.yaml:1", "neg", "b.yaml:9"));

  @Test
  void numbersAndBooleansAreAlsoReadFromTheirText() {
    assertThat(config.number("t", 0)).isEqualTo(7);
    assertThat(config.bool("yes", false)).isTrue();
    assertThat(config.duration("t", ChronoUnit.SECONDS, Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(config.bytes("n", 0)).isEqualTo(5);
    assertThat(config.string("n")).isEqualTo("5");
  }

  @Test
  void whatIsNotSetIsTheCallersDefaultOrTheKeys() {
    assertThat(config.duration("none", ChronoUnit.MILLIS, Duration.ofSeconds(3)))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(config.bytes(Key.INSTANCE_RAM)).isEqualTo(1L << 30);
    assertThat(config.path(Key.HERON_HOME)).isEqualTo(Path.of("/usr/local/heron"));
    assertThat(config.optionalPath("none")).isEmpty();
    assertThatThrownBy(() -> config.string(Key.CLUSTER)).hasMessageContaining("is not set");
  }

  @Test
  void valuesOutOfRangeAreRefusedWithTheirPlace() {
    assertThatThrownBy(() -> config.duration("neg", ChronoUnit.MILLIS, Duration.ZERO))
        .isInstanceOf(ConfigException.class)
        .hasMessage("neg is '-1' (from b.yaml:9), but must be 0 or more");
    assertThatThrownBy(() -> config.duration("huge", ChronoUnit.HOURS, Duration.ZERO))
        .isInstanceOf(ConfigException.class);
    // As many milliseconds are a duration, but no moment lies so far ahead.
    assertThatThrownBy(() -> config.duration("huge", ChronoUnit.MILLIS, Duration.ZERO))
        .hasMessageContaining("a shorter time than a hundred years");
    assertThatThrownBy(() -> config.with("d", "NaN").decimal("d", 0))
        .hasMessageContaining("d is 'NaN'");
    assertThatThrownBy(() -> config.with("d", Double.POSITIVE_INFINITY).decimal("d", 0))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> config.optionalPath("p")).isInstanceOf(ConfigException.class);
  }

  @Test
  void aReplacedValueHasANewSourceAndTheOthersKeepTheirs() {
    Config changed = config.with("n", 6, "--config-property").with("t", 8);
    assertThat(changed.sourceOf("n")).isEqualTo("--config-property");
    assertThat(changed.sourceOf("neg")).isEqualTo("b.yaml:9");
    assertThat(changed.sourceOf("t")).isEqualTo("the program");
    assertThat(changed.sourceOf(Key.HERON_HOME)).isEqualTo("default");
    assertThat(config.number("n", 0)).as("the original is unchanged").isEqualTo(5);
  }
}
