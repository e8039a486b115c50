package org.apache.heron.executor.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.executor.tuple.TupleImpl;
import org.junit.jupiter.api.Test;

class InboxTest {

  private final List<String> alarms = new ArrayList<>();
  private final Inbox.Alarm alarm =
      new Inbox.Alarm() {
        @Override
        public void raised() {
          alarms.add("raised");
        }

        @Override
        public void ended() {
          alarms.add("ended");
        }
      };

  private static Batch batch(int count) {
    return new Batch.Objects(new TupleImpl[count], count, 0);
  }

  @Test
  void aFullQueueRefusesUntilItIsTaken() {
    Inbox inbox = new Inbox(100, false, alarm, new Waker());
    assertThat(inbox.offer(batch(100))).isEqualTo(Delivery.ACCEPTED);
    assertThat(inbox.offer(batch(1))).isEqualTo(Delivery.FULL);
    assertThat(inbox.take(new ArrayDeque<>())).hasSize(1);
    assertThat(inbox.offer(batch(1))).isEqualTo(Delivery.ACCEPTED);
  }

  @Test
  void theAlarmIsRaisedAboveThreeQuartersAndEndsAtOneQuarter() {
    Inbox inbox = new Inbox(100, false, alarm, new Waker());
    for (int i = 0; i < 7; i++) {
      inbox.offer(batch(10));
    }
    assertThat(alarms).isEmpty();
    inbox.offer(batch(10));
    assertThat(alarms).containsExactly("raised");
    ArrayDeque<Batch> taken = inbox.take(new ArrayDeque<>());
    for (int i = 0; i < 5; i++) {
      inbox.done(taken.poll());
    }
    assertThat(alarms).containsExactly("raised");
    inbox.done(taken.poll());
    assertThat(alarms).containsExactly("raised", "ended");
    assertThat(inbox.size()).isEqualTo(20);
  }

  @Test
  void aQueueThatDiscardsNeverRefusesNorAlarms() {
    Inbox inbox = new Inbox(10, true, alarm, new Waker());
    for (int i = 0; i < 5; i++) {
      assertThat(inbox.offer(batch(10))).isEqualTo(Delivery.ACCEPTED);
    }
    assertThat(inbox.size()).isEqualTo(10);
    assertThat(inbox.discarded()).isEqualTo(40);
    assertThat(alarms).isEmpty();
  }

  @Test
  void creditComesBackWhenABatchIsDoneOrThrownAway() {
    AtomicInteger credit = new AtomicInteger();
    Inbox inbox = new Inbox(1000, false, alarm, new Waker());
    for (int i = 0; i < 3; i++) {
      inbox.deliver(new Batch.Encoded(new byte[10], 0, 10, 1, 1, credit::addAndGet));
    }
    inbox.done(inbox.take(new ArrayDeque<>()).poll());
    assertThat(credit).hasValue(10);
    inbox.deliver(new Batch.Encoded(new byte[7], 0, 7, 1, 1, credit::addAndGet));
    inbox.close();
    assertThat(inbox.deliver(new Batch.Encoded(new byte[5], 0, 5, 1, 1, credit::addAndGet)))
        .as("a closed queue leaves the batch to its bringer")
        .isFalse();
    assertThat(credit).hasValue(17);
    assertThat(inbox.offer(batch(1))).isEqualTo(Delivery.GONE);
  }
}
