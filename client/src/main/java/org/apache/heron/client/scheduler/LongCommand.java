package org.apache.heron.client.scheduler;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.heron.client.progress.Progress;

/**
 * A command that takes its time: it is waited for as long as its scheduler answers other questions
 * meanwhile, and given up when that has been silent for too long.
 */
public final class LongCommand {
  private static final Duration INTERVAL = Duration.ofMillis(300);

  /** A scheduler that collects garbage or waits for a disk is silent, too, but not for so long. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final SchedulerClient scheduler;
  private final Duration silence;

  /**
   * @param silence how long the scheduler may answer nothing at all
   */
  LongCommand(SchedulerClient scheduler, Duration silence) {
    this.scheduler = scheduler;
    this.silence = silence;
  }

  /**
   * Has the command carried out in a thread of its own.
   *
   * @param scheduler who carries it out
   * @param tell called again and again meanwhile, to say how far it is
   * @param progress told when the scheduler is silent
   * @return {@link SchedulerAnswer.Unclear} if the scheduler answers nothing any more
   */
  public static SchedulerAnswer await(
      SchedulerClient scheduler,
      Supplier<SchedulerAnswer> command,
      Runnable tell,
      Progress progress)
      throws InterruptedException {
    return new LongCommand(scheduler, SILENCE).await(command, tell, progress);
  }

  SchedulerAnswer await(Supplier<SchedulerAnswer> command, Runnable tell, Progress progress)
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
      long heard = System.nanoTime();
      while (true) {
        try {
          // An answer that comes at once needs no telling.
          return answer.get(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          tell.run();
        }
        if (scheduler.answers(ANSWER)) {
          heard = System.nanoTime();
        } else if (System.nanoTime() - heard > silence.toNanos()) {
          return answer.getNow(
              new SchedulerAnswer.Unclear(
                  "the "
                      + scheduler.name()
                      + " took the connection, but has answered nothing for "
                      + silence.toSeconds()
                      + " s: does its process hang?"));
        } else {
          long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heard);
          progress.stage("the scheduler has not answered for " + seconds + " s");
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }
}
