package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.process.AtExit;

/**
 * Turns the end of the JVM (Ctrl-C, SIGTERM) into an interrupt of the working thread, and holds the
 * JVM up until that thread has taken its steps back.
 */
public final class Cancellation implements AutoCloseable {
  private final Thread worker;
  private final Duration patience;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile AtExit.Duty atExit = () -> {};
  private volatile Runnable givenUp = () -> {};

  private Cancellation(Thread worker, Duration patience) {
    this.worker = worker;
    this.patience = patience;
  }

  /** Watches over the calling thread until closed. */
  public static Cancellation ofThisThread(Duration patience) {
    Cancellation cancellation = new Cancellation(Thread.currentThread(), patience);
    try {
      cancellation.atExit =
          AtExit.perform(AtExit.Rank.WORK, "cancel-on-exit", cancellation::request);
    } catch (IllegalStateException e) {
      // The JVM ends already: begin nothing.
      cancellation.requested = true;
      Thread.currentThread().interrupt();
    }
    return cancellation;
  }

  /** Interrupts the worker and waits until it has finished, or patience ends. */
  void request() {
    requested = true;
    worker.interrupt();
    try {
      if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("heron: gave up waiting for the undoing of unfinished steps");
        givenUp.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is to be done, at least, if the worker does not end within the limit of time. */
  void whenGivenUp(Runnable least) {
    givenUp = least;
  }

  /** True once the JVM is ending. */
  public boolean requested() {
    return requested;
  }

  /**
   * @throws InterruptedException if the JVM is ending, so that a step that swallowed the interrupt
   *     is the last one
   */
  public void check() throws InterruptedException {
    if (requested || Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
  }

  /** The worker has finished; the JVM may end. */
  @Override
  public void close() {
    finished.countDown();
    atExit.close();
  }
}
