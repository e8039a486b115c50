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

  /** An answer that is on its way comes sooner; one that was lost never does. */
  private static final Duration LATE = Duration.ofSeconds(15);

  private final SchedulerClient scheduler;
  private final Duration silence;
  private final Duration late;

  /** Asks how far the command is. */
  public interface Look {
    /**
     * Tells the user.
     *
     * @return false if the scheduler says that no such command is under way
     */
    boolean isUnderWay();
  }

  /**
   * @param silence how long the scheduler may answer nothing at all
   */
  LongCommand(SchedulerClient scheduler, Duration silence) {
    this(scheduler, silence, LATE);
  }

  /**
   * @param silence how long the scheduler may answer nothing at all
   * @param late how long it may say that nothing is under way before its answer counts as lost
   */
  LongCommand(SchedulerClient scheduler, Duration silence, Duration late) {
    this.scheduler = scheduler;
    this.silence = silence;
    this.late = late;
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
    return awaitOf(
        scheduler,
        command,
        () -> {
          tell.run();
          return true;
        },
        progress);
  }

  /**
   * As {@link #await(SchedulerClient, Supplier, Runnable, Progress)}, of a command that the
   * scheduler can be asked about.
   *
   * @param look again and again meanwhile
   * @return {@link SchedulerAnswer.Unclear} also if the scheduler says that nothing is under way,
   *     but its answer does not come
   */
  public static SchedulerAnswer awaitOf(
      SchedulerClient scheduler, Supplier<SchedulerAnswer> command, Look look, Progress progress)
      throws InterruptedException {
    return new LongCommand(scheduler, SILENCE).await(command, look, progress);
  }

  SchedulerAnswer await(Supplier<SchedulerAnswer> command, Look look, Progress progress)
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
      long underWay = heard;
      while (true) {
        try {
          // An answer that comes at once needs no telling.
          return answer.get(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (look.isUnderWay()) {
            underWay = System.nanoTime();
          }
        }
        if (System.nanoTime() - underWay > late.toNanos()) {
          return answer.getNow(
              new SchedulerAnswer.Unclear(
                  "the "
                      + scheduler.name()
                      + " says that nothing is under way any more, but its answer has not come"));
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
