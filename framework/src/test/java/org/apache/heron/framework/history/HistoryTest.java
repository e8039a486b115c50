package org.apache.heron.framework.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.heron.framework.history.History.Bounds;
import org.junit.jupiter.api.Test;

/** A history stays small, whatever happens. */
class HistoryTest {
  private static final Instant NOW = Instant.parse("2026-11-21T06:00:00.123456Z");

  private static Happening failure(int attempt, String text) {
    return new Happening(NOW, Happening.Kind.FAILED, attempt, text);
  }

  @Test
  void theOldestGoFirstAndAreCounted() {
    History history = History.NONE;
    for (int attempt = 1; attempt <= 20; attempt++) {
      history = history.with(failure(attempt, "exited with status 1"), Bounds.CONTAINER);
    }
    assertThat(history.forgotten()).isEqualTo(4);
    assertThat(history.happenings())
        .hasSize(16)
        .first()
        .isEqualTo(failure(5, "exited with status 1"));
  }

  @Test
  void aTextIsOneLineOfBoundedLength() {
    assertThat(failure(1, " a\n\tb ").text()).isEqualTo("a b");
    assertThat(failure(1, "x".repeat(1000)).text()).hasSize(Happening.LONGEST_TEXT).endsWith("x…");
    assertThat(failure(1, "x".repeat(Happening.LONGEST_TEXT - 2) + "😀😀").text())
        .endsWith("x…")
        .hasSize(Happening.LONGEST_TEXT - 1);
  }

  @Test
  void timesAreKeptAsTheyAreOnRecord() {
    assertThat(failure(1, "").at()).isEqualTo(Instant.parse("2026-11-21T06:00:00.123Z"));
  }

  @Property(tries = 200)
  void nothingMakesItLargerThanItsBounds(
      @ForAll @IntRange(min = 1, max = 100) int times,
      @ForAll @StringLength(max = 1000) String text) {
    History history = History.NONE;
    for (int each = 0; each < times; each++) {
      history = history.with(failure(each, text), Bounds.CONTAINER);
    }
    assertThat(history.happenings()).isNotEmpty().hasSizeLessThanOrEqualTo(16);
    assertThat(history.happenings().stream().mapToInt(Happening::bytes).sum())
        .isLessThanOrEqualTo(Bounds.CONTAINER.bytes());
    assertThat(history.forgotten() + history.happenings().size()).isEqualTo(times);
  }
}
