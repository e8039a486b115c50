package org.apache.heron.executor.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileStatTest {
  private static final int FILES = 50;
  private static final int LISTINGS = 1000;

  @TempDir Path directory;

  /** As logs do that roll. */
  @Test
  void filesThatVanishWhileTheyAreListedAreLeftOut() throws Exception {
    Files.writeString(directory.resolve("lasting"), "here to stay");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService rolling = Executors.newSingleThreadExecutor();
    try {
      Future<?> rolled =
          rolling.submit(
              () -> {
                while (!over.get()) {
                  roll();
                }
                return null;
              });
      for (int listing = 0; listing < LISTINGS && !rolled.isDone(); listing++) {
        List<FileStat> stats = FileStat.list(directory);
        assertThat(stats).extracting(FileStat::name).contains("lasting");
      }
      over.set(true);
      rolled.get(60, TimeUnit.SECONDS);
    } finally {
      over.set(true);
      rolling.shutdown();
    }
    assertThat(rolling.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  private void roll() throws IOException {
    for (int file = 0; file < FILES; file++) {
      Files.createFile(directory.resolve("rolling-" + file));
    }
    for (int file = 0; file < FILES; file++) {
      Files.delete(directory.resolve("rolling-" + file));
    }
  }
}
