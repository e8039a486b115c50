package org.apache.heron.service.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the leading process does, when a duty fails. */
class LeadingTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static Leading.Duty attending(Runnable what) {
    return new Leading.Duty() {
      @Override
      public void attend() {
        what.run();
      }

      @Override
      public void leave() {}
    };
  }

  @Test
  void whatFailsIsTriedAgain() throws InterruptedException {
    CountDownLatch tries = new CountDownLatch(3);
    Leading.Duty failing =
        attending(
            () -> {
              tries.countDown();
              throw new IllegalStateException("not now");
            });
    try (Leading leading = new Leading(() -> true, List.of(failing))) {
      leading.follow();
      assertThat(tries.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(leading.failed()).isNotDone();
    }
  }

  // Else the location would never be published, or never be taken back, and nobody hear of it.
  @Test
  void anErrorIsToldAsItEndsTheLooking() {
    Leading.Duty failing =
        attending(
            () -> {
              throw new NoClassDefFoundError("of a newer version");
            });
    try (Leading leading = new Leading(() -> true, List.of(failing))) {
      leading.follow();
      assertThat(leading.failed())
          .failsWithin(LIMIT)
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOf(NoClassDefFoundError.class);
    }
  }
}
