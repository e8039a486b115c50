package org.apache.heron.framework.storage;

import java.time.Duration;
import java.util.Optional;

/**
 * Tries again while ZooKeeper is away, ever more slowly (100 ms … 5 s), and keeps what is wrong as
 * one line. {@link #problem} is thread-safe, the rest is for one thread.
 */
final class Patience {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final Duration CONTENTION = Duration.ofMillis(10);

  private final Pause pause;
  private volatile Optional<String> readProblem = Optional.empty();
  private volatile Optional<String> writeProblem = Optional.empty();
  private int writeFailures;

  Patience(Pause pause) {
    this.pause = pause;
  }

  /** How a thread waits. */
  interface Pause {
    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Something that ZooKeeper may not answer at once. */
  interface Attempt<T> {
    T get() throws Nodes.Unavailable;
  }

  /** Repeats an attempt until it is answered. */
  <T> T until(Attempt<T> attempt) throws InterruptedException {
    int failures = 0;
    while (true) {
      try {
        T answer = attempt.get();
        readProblem = Optional.empty();
        return answer;
      } catch (Nodes.Unavailable e) {
        if (Thread.interrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        readProblem = Optional.of(e.getMessage() + "; trying again");
        pause.sleep(delay(failures++));
      }
    }
  }

  /** A transaction was not answered; waits a while. */
  void failed(String problem) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(problem);
    }
    writeProblem = Optional.of(problem + "; trying again");
    pause.sleep(delay(writeFailures++));
  }

  /** A transaction is durable. */
  void succeeded() {
    writeProblem = Optional.empty();
    writeFailures = 0;
  }

  /** Gives another writer a moment. */
  void contend() throws InterruptedException {
    pause.sleep(CONTENTION);
  }

  Optional<String> problem() {
    return readProblem.or(() -> writeProblem);
  }

  private static Duration delay(int failures) {
    Duration delay = FIRST.multipliedBy(1L << Math.min(failures, 10));
    return delay.compareTo(LAST) > 0 ? LAST : delay;
  }
}
