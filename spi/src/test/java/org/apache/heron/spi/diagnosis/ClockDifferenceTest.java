package org.apache.heron.spi.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockDifferenceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.700Z");

  @Test
  void aSecondCutOffIsNoDifference() {
    assertThat(judge("Thu, 1 Jan 2026 12:00:00 GMT").verdict()).isEqualTo(Finding.Verdict.OK);
    assertThat(judge("Thu, 1 Jan 2026 12:00:01 GMT").message()).endsWith("less than a second");
  }

  @Test
  void aClockThatIsOffEitherWayIsWarnedAbout() {
    assertThat(judge("Thu, 1 Jan 2026 12:01:00 GMT").message()).endsWith("differ by 59 s");
    Finding behind = judge("Thu, 1 Jan 2026 11:59:00 GMT");
    assertThat(behind.message())
        .isEqualTo("this host's clock and that of the master differ by 59 s");
    assertThat(behind.verdict()).isEqualTo(Finding.Verdict.WARNING);
    assertThat(behind.remedy()).hasValueSatisfying(text -> assertThat(text).contains("NTP"));
  }

  @Test
  void aServerWithoutTimeIsLeftOut() {
    assertThat(judge("yesterday").verdict()).isEqualTo(Finding.Verdict.SKIPPED);
    assertThat(ClockDifference.judge("the master", Optional.empty(), NOW, NOW).verdict())
        .isEqualTo(Finding.Verdict.SKIPPED);
  }

  @Test
  void whatIsToldIsOneLine() {
    assertThat(Finding.failed("x", "a\n  b", "c\nd")).isEqualTo(Finding.failed("x", "a b", "c d"));
  }

  private static Finding judge(String date) {
    return ClockDifference.judge("the master", Optional.of(date), NOW, NOW.plusMillis(200));
  }
}
