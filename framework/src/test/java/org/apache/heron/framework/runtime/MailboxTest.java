package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who waits, and who does not. */
class MailboxTest {
  private final Mailbox<String> mailbox = new Mailbox<>(2);

  @Test
  void ownMessagesGoFirstAndNeverWait() throws Exception {
    assertThat(mailbox.put("a")).isTrue();
    assertThat(mailbox.offer("b")).isTrue();
    assertThat(mailbox.offer("c")).isFalse();
    mailbox.putOwn("alarm");
    assertThat(mailbox.take()).hasValue("alarm");
    assertThat(mailbox.take()).hasValue("a");
    assertThat(mailbox.size()).isEqualTo(1);
  }

  @Test
  void whoPutsIntoAFullMailboxWaitsForRoom() throws Exception {
    mailbox.put("a");
    mailbox.put("b");
    Thread putting = new Thread(() -> mailbox.put("c"));
    putting.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> putting.getState() == Thread.State.WAITING);
    assertThat(mailbox.take()).hasValue("a");
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
    assertThat(mailbox.take()).isEmpty();
    assertThat(mailbox.offer("d")).isFalse();
  }
}
