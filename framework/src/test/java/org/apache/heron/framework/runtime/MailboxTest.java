package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.runtime.Mailbox.Lane;
import org.junit.jupiter.api.Test;

/** Who waits, and who does not. */
class MailboxTest {
  private final Mailbox<String> mailbox = new Mailbox<>(2);

  @Test
  void urgentAndOwnMessagesGoFirstAndNeverWait() throws Exception {
    assertThat(mailbox.put("a")).isTrue();
    assertThat(mailbox.offer("b")).isTrue();
    assertThat(mailbox.offer("c")).isFalse();
    mailbox.putOwn("taken");
    mailbox.putUrgent("written");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("written");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("taken");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("a");
    assertThat(mailbox.size()).isEqualTo(1);
  }

  @Test
  void anAlarmWaitsItsTurnAndTakesNobodysPlace() throws Exception {
    mailbox.put("status");
    mailbox.putAlarm("alarm");
    mailbox.putAlarm("another alarm");
    assertThat(mailbox.offer("command")).isTrue();
    assertThat(mailbox.offer("one too many")).isFalse();
    mailbox.putOwn("taken");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("taken");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("status");
    assertThat(mailbox.offer("another command")).isTrue();
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("alarm");
    assertThat(mailbox.offer("one too many")).isFalse();
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("another alarm");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("command");
  }

  @Test
  void whoTakesOnlyUrgentMessagesLeavesTheOthers() throws Exception {
    mailbox.put("event");
    mailbox.putOwn("taken");
    CompletableFuture<Optional<String>> taken =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return mailbox.take(() -> Lane.URGENT);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    mailbox.putUrgent("written");
    assertThat(taken.get(30, TimeUnit.SECONDS)).hasValue("written");
    assertThat(mailbox.take(() -> Lane.OWN)).hasValue("taken");
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("event");
  }

  @Test
  void whoPutsIntoAFullMailboxWaitsForRoom() throws Exception {
    mailbox.put("a");
    mailbox.put("b");
    Thread putting = new Thread(() -> mailbox.put("c"));
    putting.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> putting.getState() == Thread.State.WAITING);
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).hasValue("a");
    putting.join(30_000);
    assertThat(mailbox.size()).isEqualTo(2);
  }

  @Test
  void closingLetsEveryoneGo() throws Exception {
    mailbox.put("a");
    mailbox.put("b");
    Thread putting = new Thread(() -> mailbox.put("c"));
    putting.start();
    mailbox.close();
    putting.join(30_000);
    assertThat(putting.isAlive()).isFalse();
    assertThat(mailbox.take(() -> Lane.OUTSIDE)).isEmpty();
    assertThat(mailbox.offer("d")).isFalse();
  }
}
