package org.apache.heron.executor.acking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.heron.executor.acking.Completion.Outcome;
import org.apache.heron.executor.delivery.Waker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckLedgerTest {

  private final AckLedger ledger = new AckLedger(new Waker());

  private long emit(long value, Object messageId, long nanos) {
    long root = ledger.newRoot();
    ledger.stage(root, value, messageId, STREAM, nanos);
    ledger.publish();
    return root;
  }

  private static final org.apache.heron.executor.tuple.StreamInfo STREAM =
      new org.apache.heron.executor.tuple.StreamInfo(0, "spout", "default", null, null);

  private static AckUpdates acked(long root, long value) {
    AckUpdates updates = new AckUpdates();
    updates.ack(root, value);
    return updates;
  }

  @Test
  void aTreeEndsWhenItsKeysCancelOut() {
    long root = emit(5, "a", 0);
    ledger.apply(acked(root, 5 ^ 9));
    assertThat(ledger.hasCompletions()).isFalse();
    ledger.apply(acked(root, 9));
    assertThat(ledger.take(new ArrayList<>()))
        .extracting(Completion::messageId, Completion::outcome)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", Outcome.ACKED));
    assertThat(ledger.pending()).isZero();
  }

  @Test
  void lateAcksAndFailuresFindNothing() {
    long root = emit(5, "a", 0);
    AckUpdates failed = new AckUpdates();
    failed.fail(root);
    failed.fail(root);
    ledger.apply(failed);
    ledger.apply(acked(root, 5));
    ledger.apply(acked(12345, 5));
    assertThat(ledger.take(new ArrayList<>()))
        .extracting(Completion::outcome)
        .containsExactly(Outcome.FAILED);
  }

  @Test
  void onlyTreesOlderThanTheDeadlineTimeOut() {
    emit(1, "old", 100);
    emit(2, "young", 200);
    ledger.expire(150);
    assertThat(ledger.take(new ArrayList<>()))
        .extracting(Completion::messageId, Completion::outcome)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("old", Outcome.TIMED_OUT));
    assertThat(ledger.pending()).isEqualTo(1);
  }

  @Test
  void aTupleThatNobodyConsumesIsAckedAtOnce() {
    emit(0, "unread", 0);
    assertThat(ledger.take(new ArrayList<>()))
        .extracting(Completion::outcome)
        .containsExactly(Outcome.ACKED);
  }

  @Test
  void aNewLifeKnowsNothingOfTheOld() {
    long root = emit(5, "a", 0);
    ledger.clear();
    ledger.apply(acked(root, 5));
    assertThat(ledger.hasCompletions()).isFalse();
    assertThat(ledger.pending()).isZero();
  }

  /** Random trees of random size, acked in random order, some failed, some never ended. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTreeEndsExactlyOnceWhateverTheOrder(long seed) {
    Random random = new Random(seed);
    record Step(long root, long value, boolean fails) {}
    List<Step> steps = new ArrayList<>();
    Map<Object, Outcome> expected = new HashMap<>();
    int unended = 0;
    for (int i = 0; i < 5000; i++) {
      long value = random.nextLong();
      long root = emit(value, i, i);
      int kind = random.nextInt(20);
      if (kind == 0) {
        unended++;
        continue;
      }
      if (kind == 1) {
        steps.add(new Step(root, 0, true));
        expected.put(i, Outcome.FAILED);
        continue;
      }
      for (int part = random.nextInt(4); part > 0; part--) {
        long piece = random.nextLong();
        steps.add(new Step(root, piece, false));
        value ^= piece;
      }
      steps.add(new Step(root, value, false));
      expected.put(i, Outcome.ACKED);
    }
    Collections.shuffle(steps, random);
    Map<Object, Outcome> seen = new HashMap<>();
    for (Step step : steps) {
      AckUpdates updates = new AckUpdates();
      if (step.fails) {
        updates.fail(step.root);
      } else {
        updates.ack(step.root, step.value);
      }
      ledger.apply(updates);
      for (Completion completion : ledger.take(new ArrayList<>())) {
        assertThat(seen.put(completion.messageId(), completion.outcome())).isNull();
      }
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(ledger.pending()).isEqualTo(unended);
    ledger.expire(Long.MAX_VALUE / 2);
    assertThat(ledger.take(new ArrayList<>()))
        .hasSize(unended)
        .allMatch(completion -> completion.outcome() == Outcome.TIMED_OUT);
  }
}
