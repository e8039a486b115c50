package org.apache.heron.executor.stmgr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackPressureTest {

  private final List<Boolean> told = new ArrayList<>();
  private int released;
  private final BackPressure pressure = new BackPressure("stmgr-1", told::add, () -> released++);

  @Test
  void spoutsHoldBackUntilTheLastOneCeasesToAsk() {
    pressure.queueRaised();
    pressure.queueRaised();
    pressure.peer("connection", "stmgr-2", true);
    assertThat(pressure.askers()).containsExactly("stmgr-1", "stmgr-2");
    pressure.queueEnded();
    pressure.queueEnded();
    assertThat(told).containsExactly(true, false);
    assertThat(pressure.clamped()).isTrue();

    pressure.peer("connection", "stmgr-2", false);

    assertThat(pressure.clamped()).isFalse();
    assertThat(released).isEqualTo(1);
  }

  @Test
  void aContainerThatComesBackDoesNotAskForItsPredecessor() {
    pressure.peer("dead connection", "stmgr-2", true);
    pressure.connected("other connection", "stmgr-3");
    assertThat(pressure.clamped()).isTrue();

    pressure.connected("new connection", "stmgr-2");

    assertThat(pressure.clamped()).isFalse();
    assertThat(released).isEqualTo(1);
    pressure.peer("new connection", "stmgr-2", true);
    pressure.peer("dead connection", "stmgr-2", false);
    assertThat(pressure.askers())
        .as("the end of the old one is no news")
        .containsExactly("stmgr-2");
  }
}
