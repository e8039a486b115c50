package org.apache.heron.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoProgressTest {
  private final DemoProgress progress = new DemoProgress();

  private void seen(int instances, long executed) {
    ComponentCounts.Count count =
        new ComponentCounts.Count("BOLT", instances, 0, executed, executed, 0, 1);
    progress.see(new ComponentCounts(Map.of("split", count)));
  }

  @Test
  void whatWasNeverSeenOrOnlyOnceIsSaid() {
    assertThat(progress.problem()).hasValue("the topology was never seen running");
    progress.see(new ComponentCounts(Map.of()));
    assertThat(progress.problem()).hasValue("the topology was never seen running");
    seen(2, 10);
    assertThat(progress.problem()).hasValueSatisfying(text -> assertThat(text).contains("once"));
    assertThat(progress.wantsOneMore()).isTrue();
  }

  @Test
  void aCounterThatGrowsIsEnoughAndOneThatDoesNotIsNamed() {
    seen(2, 10);
    seen(2, 10);
    assertThat(progress.problem()).hasValue("component split moved no tuples");
    seen(2, 11);
    assertThat(progress.problem()).isEmpty();
    assertThat(progress.wantsOneMore()).isFalse();
  }

  @Test
  void aContainerThatDidNotAnswerAtOneLookMakesNothingStandStill() {
    seen(2, 1000);
    seen(2, 2000);
    seen(1, 900);
    assertThat(progress.problem()).isEmpty();
  }

  @Test
  void countsOfMoreInstancesAreNoProgress() {
    seen(1, 10);
    seen(2, 25);
    assertThat(progress.problem()).hasValue("component split moved no tuples");
    seen(2, 30);
    assertThat(progress.problem()).isEmpty();
  }
}
