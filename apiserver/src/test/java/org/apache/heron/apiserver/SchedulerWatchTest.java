package org.apache.heron.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.client.runtime.SchedulerRevival.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often the schedulers beside a server are looked for. */
@Timeout(60)
class SchedulerWatchTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @Test
  void aSchedulerThatCannotBeStartedAtFirstIsStartedOnceThatIsPutRight() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    SchedulerWatch.Search search =
        () ->
            looks.incrementAndGet() < 3
                ? List.of(
                    new Outcome("birds", Optional.empty()),
                    new Outcome("words", Optional.of("scheduler.log is a directory")))
                : List.of(new Outcome("words", Optional.empty()));
    try (SchedulerWatch watch = SchedulerWatch.begin(search, SOON)) {
      watch.await();
      assertThat(looks).hasPositiveValue();
      await().atMost(Duration.ofSeconds(50)).until(() -> looks.get() == 3);
    }
    assertThat(looks).as("none is left").hasValue(3);
  }

  @Test
  void whoWaitsForTheFirstLookDoesNotWaitForWhatCannotBeStarted() throws Exception {
    SchedulerWatch.Search search =
        () -> List.of(new Outcome("words", Optional.of("scheduler.log is a directory")));
    try (SchedulerWatch watch = SchedulerWatch.begin(search, Duration.ofHours(1))) {
      watch.await();
    }
  }
}
