package org.apache.heron.apiserver.command;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.client.ErrorText;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out commands: so many of each kind at a time, so many that wait; what comes then is
 * refused. Thread-safe.
 */
public final class CommandDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);
  private static final int DOWNLOADS = 16;
  private static final int QUESTIONS = 8;
  private static final int WAITING = 256;
  private static final Duration LIFE_SIGN = Duration.ofSeconds(5);

  private final Map<Command.Kind, ThreadPoolExecutor> threads = new EnumMap<>(Command.Kind.class);
  private final Set<RunningCommand> accepted = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock;

  /**
   * @param submits at a time
   * @param changes at a time
   */
  public CommandDesk(int submits, int changes) {
    for (Command.Kind kind : Command.Kind.values()) {
      threads.put(
          kind,
          pool(
              kind,
              switch (kind) {
                case SUBMIT -> submits;
                case CHANGE -> changes;
                case QUESTION -> QUESTIONS;
                case DOWNLOAD -> DOWNLOADS;
              }));
    }
    clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "api-signs-of-life"));
    clock.scheduleAtFixedRate(
        () -> accepted.forEach(command -> command.reporter().alive()),
        LIFE_SIGN.toMillis(),
        LIFE_SIGN.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static ThreadPoolExecutor pool(Command.Kind kind, int size) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            task ->
                daemon(
                    task,
                    "api-"
                        + kind.name().toLowerCase(java.util.Locale.ROOT)
                        + "-"
                        + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Has the command carried out by a thread of its kind, and its answer sent: at once when it is
   * there or, if the caller asked for that ({@code Accept: application/x-ndjson}), line by line
   * with what is done meanwhile.
   *
   * @throws HttpError 503 if too many wait; the command is closed then
   */
  public void carryOut(
      Command.Kind kind, WebRequest request, WebResponse response, Command command) {
    ThreadPoolExecutor pool = threads.get(kind);
    if (pool.getQueue().remainingCapacity() == 0) {
      command.close();
      throw tooMany();
    }
    Reporter reporter =
        request.header("Accept").orElse("").contains(LinesReporter.TYPE)
            ? new LinesReporter(response)
            : new OnceReporter(response);
    RunningCommand running =
        new RunningCommand(request.method() + " " + request.path(), command, reporter);
    accepted.add(running);
    if (kind == Command.Kind.SUBMIT) {
      reporter.onGone(running::cancel);
    }
    if (pool.getActiveCount() >= pool.getMaximumPoolSize()) {
      reporter.stage("waiting until the API server has finished other commands");
    }
    response.answeredLater();
    try {
      pool.execute(
          () -> {
            try {
              running.run();
            } finally {
              accepted.remove(running);
            }
          });
    } catch (RejectedExecutionException e) {
      accepted.remove(running);
      command.close();
      HttpError error = tooMany();
      reporter.end(
          new Command.Answer(
              error.status(), Map.of("message", error.getMessage()), error.headers()));
    }
  }

  private static HttpError tooMany() {
    return new HttpError(
        503,
        "the API server has too many commands waiting; try again later",
        Map.of("Retry-After", "10"));
  }

  /** Has a request answered by a thread of its kind, in whatever way the handler does it. */
  public void handOver(
      Command.Kind kind, WebRequest request, WebResponse response, RequestHandler handler) {
    response.answeredLater();
    try {
      threads
          .get(kind)
          .execute(
              () -> {
                try {
                  handler.handle(request, response);
                } catch (HttpError e) {
                  response.fail(e.status(), e.getMessage());
                } catch (Throwable e) { // the edge of a request: nothing may pass
                  LOG.warn("{} {}", request.method(), request.path(), e);
                  response.fail(500, ErrorText.of(e, "the API server's log shows where"));
                }
              });
    } catch (RejectedExecutionException e) {
      throw tooMany();
    }
  }

  /** Called again and again, at that interval, on a thread that must not be held up for long. */
  public void everySoOften(Duration interval, Runnable task) {
    clock.scheduleWithFixedDelay(
        task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Interrupts what runs; submits are taken back. Waits until that is done, or a minute. */
  @Override
  public void close() {
    clock.shutdownNow();
    accepted.forEach(RunningCommand::cancel);
    threads.values().forEach(ThreadPoolExecutor::shutdownNow);
    try {
      long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      for (ThreadPoolExecutor pool : threads.values()) {
        pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
