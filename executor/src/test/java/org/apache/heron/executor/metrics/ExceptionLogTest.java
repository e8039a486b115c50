package org.apache.heron.executor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.heron.executor.plane.InstanceCounters.ExceptionReport;
import org.junit.jupiter.api.Test;

class ExceptionLogTest {
  private long millis;

  private final ExceptionLog log =
      new ExceptionLog(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return Instant.ofEpochMilli(millis);
            }
          });

  @Test
  void whatComesAgainKeepsTheTimeAtWhichItCameFirst() {
    Throwable boom = new IllegalStateException("boom");
    millis = 1_000;
    log.add(boom);
    millis = 2_000;
    log.add(new IllegalStateException("other"));
    millis = 3_000;
    log.add(boom);
    ExceptionReport newest = log.reports().get(0);
    assertThat(newest.message()).contains("boom");
    assertThat(newest.firstEpochMillis()).isEqualTo(1_000);
    assertThat(newest.lastEpochMillis()).isEqualTo(3_000);
    assertThat(newest.count()).isEqualTo(2);
    assertThat(log.reports()).hasSize(2);
    assertThat(log.count()).isEqualTo(3);
  }
}
