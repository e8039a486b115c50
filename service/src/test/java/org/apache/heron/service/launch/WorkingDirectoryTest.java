package org.apache.heron.service.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.heron.service.files.Trees;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scheduler's directory, which its process and its launcher may both remove. */
class WorkingDirectoryTest {
  /** Each meets the other at another point of its way. */
  private static final int ROUNDS = 300;

  @TempDir private Path directory;

  private WorkingDirectory words() {
    return new WorkingDirectory(directory.resolve("words"), "words", "key");
  }

  private WorkingDirectory made() throws IOException {
    WorkingDirectory words = words();
    Files.createDirectories(words.path().resolve("heron-conf"));
    Files.writeString(
        words.path().resolve("launch.properties"),
        new LaunchRecord("words-id", "words.jar", "file:///p", "file:///c").toText());
    for (String file : new String[] {"words.defn", "words.jar", "scheduler.log", "scheduler.pid"}) {
      Files.writeString(words.path().resolve(file), "1 1");
    }
    return words;
  }

  private static void meet(CyclicBarrier begin) {
    try {
      begin.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void itsProcessAndItsLauncherMayRemoveItAtTheSameTime() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      WorkingDirectory process = made();
      WorkingDirectory launcher = words();
      CyclicBarrier begin = new CyclicBarrier(2);
      CompletableFuture<Void> removed =
          CompletableFuture.runAsync(
              () -> {
                meet(begin);
                process.delete();
              });
      meet(begin);
      assertThat(launcher.belongsTo("words-id")).isTrue();
      launcher.delete();
      assertThat(launcher.path()).doesNotExist();
      removed.join();
    }
  }

  /** As one that somebody else owns, or that is mounted. */
  @Test
  void whatCannotBeRemovedKeepsNothingElseAndIsNeverStartedAgain() throws Exception {
    Path stuck = made().path().resolve("heron-conf");
    AtomicBoolean refused = new AtomicBoolean(true);
    WorkingDirectory words = stuckAt(stuck, refused);
    assertThat(words.holds("words-id")).isTrue();
    assertThatThrownBy(words::delete)
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(stuck + ": Device or resource busy");
    try (Stream<Path> left = Files.list(words.path())) {
      assertThat(left).containsExactlyInAnyOrder(stuck, words.path().resolve("launch.properties"));
    }
    assertThat(words.holds("words-id")).isFalse();
    refused.set(false);
    words.delete();
    assertThat(words.path()).doesNotExist();
  }

  @Test
  void whoseDefinitionCannotBeRemovedKeepsWhatSaysThatItWasKilled() throws Exception {
    Path stuck = made().path().resolve("words.defn");
    WorkingDirectory words = stuckAt(stuck, new AtomicBoolean(true));
    Path records = Files.createDirectory(words.path().resolve("records"));
    assertThatThrownBy(words::delete).isInstanceOf(SchedulerException.class);
    assertThat(records).exists();
  }

  private WorkingDirectory stuckAt(Path stuck, AtomicBoolean refused) {
    return new WorkingDirectory(
        words().path(),
        "words",
        "key",
        entry -> {
          if (refused.get() && entry.equals(stuck)) {
            throw new FileSystemException(entry.toString(), null, "Device or resource busy");
          }
          Trees.delete(entry);
        });
  }

  @Test
  void whatIsGoneIsNobodysAndFineToRemove() {
    assertThat(words().belongsTo("words-id")).isTrue();
    words().delete();
    assertThat(words().path()).doesNotExist();
  }
}
