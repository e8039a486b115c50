package org.apache.heron.uploader.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  @Test
  void pausesDoubleUpToTheLongestAndEndWithTheAttempts() {
    RetryPolicy policy = new RetryPolicy(9, Duration.ofMillis(500));
    assertThat(policy.pause(1, 1)).hasValue(Duration.ofMillis(500));
    assertThat(policy.pause(2, 1)).hasValue(Duration.ofSeconds(1));
    assertThat(policy.pause(5, 1)).hasValue(Duration.ofSeconds(8));
    assertThat(policy.pause(6, 1)).hasValue(RetryPolicy.LONGEST);
    assertThat(policy.pause(8, 1)).hasValue(RetryPolicy.LONGEST);
    assertThat(policy.pause(9, 1)).isEmpty();
  }

  @Test
  void chanceTakesAwayUpToHalf() {
    RetryPolicy policy = new RetryPolicy(3, Duration.ofMillis(500));
    assertThat(policy.pause(1, 0)).hasValue(Duration.ofMillis(250));
    assertThat(policy.pause(2, 0.5)).hasValue(Duration.ofMillis(750));
    assertThat(RetryPolicy.ONCE.pause(1, 0)).isEmpty();
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThat(RetryPolicy.of(Config.of(Map.of())).attempts()).isEqualTo(4);
    assertThatThrownBy(() -> RetryPolicy.of(Config.of(Map.of("heron.uploader.retry.count", 0))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("between 1 and 100");
    assertThatThrownBy(
            () -> RetryPolicy.of(Config.of(Map.of("heron.uploader.retry.interval.ms", -1))))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> StoreTimes.of(Config.of(Map.of("heron.uploader.timeout.ms", 0))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.uploader.timeout.ms is '0'");
  }
}
