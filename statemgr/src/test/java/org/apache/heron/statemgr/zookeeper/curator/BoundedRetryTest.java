package org.apache.heron.statemgr.zookeeper.curator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.RetrySleeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedRetryTest {
  private final List<Long> pauses = new ArrayList<>();
  private final RetrySleeper sleeper = (time, unit) -> pauses.add(unit.toMillis(time));

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void pausesGrowUpToTheConfiguredOne() {
    BoundedRetry retry = new BoundedRetry(10, Duration.ofMillis(300), Duration.ofSeconds(30));
    for (int count = 0; count < 5; count++) {
      assertThat(retry.allowRetry(count, 0, sleeper)).isTrue();
    }
    assertThat(pauses).containsExactly(50L, 100L, 200L, 300L, 300L);
  }

  @Test
  void neitherAttemptsNorTimeGoBeyondTheirLimits() {
    BoundedRetry retry = new BoundedRetry(3, Duration.ofSeconds(10), Duration.ofSeconds(1));
    assertThat(retry.allowRetry(3, 0, sleeper)).isFalse();
    assertThat(retry.allowRetry(0, 1000, sleeper)).isFalse();
    assertThat(retry.allowRetry(2, 990, sleeper)).isTrue();
    assertThat(pauses).as("not past the limit").containsExactly(10L);
    assertThat(
            new BoundedRetry(1000, Duration.ofDays(1), Duration.ofDays(9))
                .allowRetry(999, 0, sleeper))
        .as("no overflow")
        .isTrue();
  }

  @Test
  void anInterruptEndsTheRetriesAndStays() {
    BoundedRetry retry = new BoundedRetry(3, Duration.ofSeconds(10), Duration.ofSeconds(1));
    RetrySleeper interrupted =
        (time, unit) -> {
          throw new InterruptedException();
        };
    assertThat(retry.allowRetry(0, 0, interrupted)).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
