package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VitalsTest {
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final Optional<String> NOTHING = Optional.empty();

  private static Optional<String> illness(
      Optional<String> ending, Optional<String> engine, Optional<String> refusal, Duration since) {
    return new Vitals(ending, engine, refusal, since).illness(GRACE);
  }

  @Test
  void aContainerThatNobodyCanRegisterYetIsWell() {
    assertThat(illness(NOTHING, NOTHING, NOTHING, Duration.ofDays(1)))
        .as("without a topology manager another process would fare no better")
        .isEmpty();
    assertThat(illness(NOTHING, NOTHING, Optional.of("wrong instances"), Duration.ofSeconds(9)))
        .as("within the grace")
        .isEmpty();
  }

  @Test
  void oneThatIsRefusedForTooLongIsIll() {
    assertThat(illness(NOTHING, NOTHING, Optional.of("wrong instances"), Duration.ofSeconds(301)))
        .contains("not registered with the topology manager for 301 s: wrong instances");
  }

  @Test
  void oneWhoseEngineStandsStillIsIllAtOnce() {
    assertThat(illness(NOTHING, Optional.of("stuck"), NOTHING, Duration.ZERO)).contains("stuck");
    assertThat(illness(Optional.of("exit code 1"), NOTHING, NOTHING, Duration.ZERO))
        .contains("the container ends: exit code 1");
  }
}
