package org.apache.heron.client.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.RecordingProgress;
import org.junit.jupiter.api.Test;

class UndoStackTest {
  private final RecordingProgress progress = new RecordingProgress();
  private final UndoStack undo = new UndoStack(progress);
  private final List<String> undone = new ArrayList<>();

  @Test
  void stepsAreTakenBackLastFirstAndOnce() {
    undo.done("a", () -> undone.add("a"));
    undo.done("b", () -> undone.add("b"));
    undo.unwind();
    undo.unwind();
    assertThat(undone).containsExactly("b", "a");
  }

  @Test
  void aStepThatCannotBeTakenBackDoesNotKeepTheOthers() {
    undo.done("a", () -> undone.add("a"));
    undo.done(
        "the package",
        () -> {
          throw new IllegalStateException("disk is gone");
        });
    undo.unwind();
    assertThat(undone).containsExactly("a");
    assertThat(progress.lines()).containsExactly("warn Cannot remove the package: disk is gone");
  }

  @Test
  void whatIsCommittedStays() {
    undo.done("a", () -> undone.add("a"));
    undo.commit();
    undo.unwind();
    assertThat(undone).isEmpty();
  }

  @Test
  void theEndOfTheJvmWaitsUntilTheWorkerHasTakenItsStepsBack() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Cancellation[] cancellation = new Cancellation[1];
    Thread worker =
        new Thread(
            () -> {
              try (Cancellation mine = Cancellation.ofThisThread(Duration.ofSeconds(60))) {
                cancellation[0] = mine;
                undo.done("a", () -> undone.add("a"));
                started.countDown();
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                undone.add("too late");
              }
            }) {
          @Override
          public void interrupt() {
            undo.unwind();
            super.interrupt();
          }
        };
    worker.start();
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    cancellation[0].request();
    assertThat(cancellation[0].requested()).isTrue();
    assertThat(undone).startsWith("a");
    worker.join(30_000);
    assertThat(worker.isAlive()).isFalse();
  }
}
