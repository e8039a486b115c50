package org.apache.heron.scheduler.aurora;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out commands in a thread of its own, one at a time; each takes the place of the one
 * before. Thread-safe.
 */
final class LatestOnly implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LatestOnly.class);
  private static final Duration END = Duration.ofSeconds(10);

  private final ExecutorService thread;
  private Optional<Present> present = Optional.empty();

  /** What was begun last. */
  private record Present(Future<?> task, CompletableFuture<Outcome> outcome) {
    void giveUp() {
      task.cancel(true);
      // One that has not begun would never answer.
      outcome.complete(Outcome.refused("given up: another command takes its place"));
    }
  }

  /** A command. */
  interface Command {
    Outcome run() throws InterruptedException;
  }

  LatestOnly(String name) {
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Begins a command, and has the one before give up. */
  synchronized CompletableFuture<Outcome> begin(Command command) {
    present.ifPresent(Present::giveUp);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    present = Optional.of(new Present(thread.submit(() -> carryOut(command, outcome)), outcome));
    return outcome;
  }

  private static void carryOut(Command command, CompletableFuture<Outcome> outcome) {
    try {
      outcome.complete(command.run());
    } catch (InterruptedException e) {
      outcome.complete(Outcome.refused("cancelled"));
    } catch (RuntimeException e) { // the thread's edge: whoever asked is to hear of it
      LOG.debug("a command failed", e);
      outcome.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a command to Aurora does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
