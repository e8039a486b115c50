package org.apache.heron.executor.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.apache.heron.executor.metrics.Figure;
import org.junit.jupiter.api.Test;

class RecentMeansTest {
  private long seconds;
  private final RecentMeans means = new RecentMeans(() -> TimeUnit.SECONDS.toNanos(seconds));

  private OptionalDouble look(long nanos, long count) {
    OptionalDouble mean =
        means.of("container_1_count_3", new Figure.Mean("__execute-latency/a", nanos, count));
    means.looked();
    return mean;
  }

  @Test
  void aMeanIsOfTheLastOneToTwoMinutesHoweverOftenSomebodyLooks() {
    assertThat(look(100, 10)).as("since the container started").hasValue(10);
    seconds = 60;
    assertThat(look(200, 20)).hasValue(10);
    seconds = 75;
    assertThat(look(300, 30)).hasValue(10);
    seconds = 120;
    assertThat(look(5_200, 40)).as("a long time is not over yet").hasValue(130);
    seconds = 135;
    assertThat(look(5_250, 45)).as("since the sixtieth second").hasValue(5_050 / 25.0);
    seconds = 180;
    look(5_260, 46);
    assertThat(look(5_270, 47)).as("since the 120th").hasValue(10);
  }

  @Test
  void thereIsNoMeanOfNothing() {
    assertThat(look(0, 0)).isEmpty();
    look(50, 5);
    seconds = 60;
    look(50, 5);
    seconds = 120;
    look(50, 5);
    assertThat(look(50, 5)).isEmpty();
  }
}
