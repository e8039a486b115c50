package org.apache.heron.spi.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.spi.process.AtExit.Rank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AtExitTest {
  private final List<Thread> hooks = new ArrayList<>();
  private final AtExit atExit = new AtExit(hooks::add);
  private final List<String> done = new CopyOnWriteArrayList<>();

  private void end() throws InterruptedException {
    assertThat(hooks).hasSize(1);
    hooks.get(0).start();
    hooks.get(0).join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void connectionsEndWhenAllWorkHasEndedThoughTheyWereThereFirst() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    atExit.add(Rank.CONNECTIONS, "connection", () -> done.add("connection"));
    for (String name : List.of("one", "two")) {
      atExit.add(
          Rank.WORK,
          name,
          () -> {
            // Each waits for the other: they run at the same time.
            both.countDown();
            await(both);
            done.add("work");
          });
    }
    end();
    assertThat(done).containsExactly("work", "work", "connection");
  }

  @Test
  void whatIsClosedIsNotDone() throws Exception {
    atExit.add(Rank.WORK, "work", () -> done.add("work")).close();
    atExit.add(Rank.CONNECTIONS, "connection", () -> done.add("connection"));
    end();
    assertThat(done).containsExactly("connection");
  }

  @Test
  void workThatEndsMayOpenConnectionsButBeginNoWork() throws Exception {
    atExit.add(
        Rank.WORK,
        "work",
        () -> {
          assertThatThrownBy(() -> atExit.add(Rank.WORK, "more", () -> done.add("more")))
              .isInstanceOf(IllegalStateException.class);
          atExit.add(Rank.CONNECTIONS, "connection", () -> done.add("connection"));
          done.add("work");
        });
    end();
    assertThat(done).containsExactly("work", "connection");
    assertThatThrownBy(() -> atExit.add(Rank.CONNECTIONS, "late", () -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatFailsDoesNotKeepTheRestFromBeingDone() throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> done.add(thrown.getMessage()));
    try {
      atExit.add(
          Rank.WORK,
          "broken",
          () -> {
            throw new IllegalArgumentException("broken");
          });
      atExit.add(Rank.CONNECTIONS, "connection", () -> done.add("connection"));
      end();
      assertThat(done).containsExactly("broken", "connection");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
