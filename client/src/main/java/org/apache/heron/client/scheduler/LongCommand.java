package org.apache.heron.client.scheduler;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A command that takes its time. */
public final class LongCommand {
  private static final Duration INTERVAL = Duration.ofMillis(300);

  private LongCommand() {}

  /**
   * Has the command carried out in a thread of its own.
   *
   * @param tell called again and again meanwhile, to say how far it is
   */
  public static SchedulerAnswer await(Supplier<SchedulerAnswer> command, Runnable tell)
      throws InterruptedException {
    CompletableFuture<SchedulerAnswer> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                answer.complete(command.get());
              } catch (RuntimeException e) { // the thread's edge: thrown again where it is awaited
                answer.completeExceptionally(e);
              }
            },
            "scheduler-command");
    asking.setDaemon(true);
    asking.start();
    try {
      while (true) {
        try {
          // An answer that comes at once needs no telling.
          return answer.get(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          tell.run();
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }
}
