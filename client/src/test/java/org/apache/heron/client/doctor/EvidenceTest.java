package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.diagnosis.Life;
import org.junit.jupiter.api.Test;

/** When a topology is dead, and when that must not be said. */
class EvidenceTest {
  private static final Life GONE = Life.gone("nothing runs");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void onlyWhatTheBackEndSaysIsGoneIsDead() {
    assertThat(service(false, false, false, GONE).judge())
        .isEqualTo(new Evidence.Dead("nothing runs"));
    assertThat(service(false, false, false, Life.unknown("no master")).judge())
        .isEqualTo(new Evidence.Unclear("no master"));
    assertThat(service(false, false, false, Life.running("3 tasks")).judge())
        .isEqualTo(new Evidence.Orphaned("3 tasks"));
  }

  @Test
  void whoeverAnswersIsAlive() {
    assertThat(service(true, true, false, GONE).judge()).isInstanceOf(Evidence.Alive.class);
    assertThat(service(false, false, true, GONE).judge()).isInstanceOf(Evidence.Orphaned.class);
  }

  @Test
  void aSessionThatHasNotEndedIsWaitedFor() {
    assertThat(service(true, false, false, GONE).judge()).isInstanceOf(Evidence.Unclear.class);
  }

  @Test
  void aLocationThatDoesNotEndWithItsProcessProvesNothing() {
    assertThat(evidence(true, Optional.of(DAY), true, false, false, false, GONE).judge())
        .isInstanceOf(Evidence.Dead.class);
  }

  @Test
  void withoutASchedulersProcessNoneIsMissing() {
    assertThat(
            evidence(true, Optional.of(DAY), true, false, true, false, Life.running("jobs"))
                .judge())
        .isInstanceOf(Evidence.Alive.class);
    assertThat(evidence(true, Optional.of(DAY), true, false, true, false, GONE).judge())
        .isInstanceOf(Evidence.Dead.class);
  }

  @Test
  void whatIsBeingSubmittedIsLeftAlone() {
    Optional<Duration> now = Optional.of(Duration.ofSeconds(20));
    assertThat(evidence(true, now, false, false, false, true, GONE).judge())
        .isInstanceOf(Evidence.Unclear.class);
    assertThat(evidence(true, Optional.empty(), false, false, false, true, GONE).judge())
        .isInstanceOf(Evidence.Dead.class);
  }

  @Test
  void anotherClustersTopologyIsLeftAlone() {
    assertThat(evidence(false, Optional.of(DAY), false, false, false, true, GONE).judge())
        .isEqualTo(new Evidence.Unclear("it belongs to other/ada/devel"));
  }

  private static Evidence service(
      boolean location, boolean schedulerAnswers, boolean managerAnswers, Life life) {
    return new Evidence(
        List.of("topologies"),
        Optional.of("mesos/ada/devel"),
        true,
        Optional.of(DAY),
        location,
        schedulerAnswers,
        managerAnswers,
        false,
        true,
        life);
  }

  private static Evidence evidence(
      boolean here,
      Optional<Duration> age,
      boolean location,
      boolean schedulerAnswers,
      boolean library,
      boolean ephemeral,
      Life life) {
    return new Evidence(
        List.of("topologies"),
        Optional.of(here ? "mesos/ada/devel" : "other/ada/devel"),
        here,
        age,
        location,
        schedulerAnswers,
        false,
        library,
        ephemeral,
        life);
  }
}
