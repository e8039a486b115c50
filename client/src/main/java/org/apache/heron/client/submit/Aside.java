package org.apache.heron.client.submit;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work that may wait for others in a way that no interrupt ends, as reading from a socket does. It
 * is done by a thread of its own, so that whoever wants its result can be called away.
 */
public final class Aside {
  private Aside() {}

  /**
   * The work's result.
   *
   * @param name of the thread; it ends with the JVM at the latest
   * @throws InterruptedException if the calling thread is interrupted; the other one is as well,
   *     and may go on until it notices
   */
  public static <T> T call(String name, Supplier<T> work) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a supplier throws nothing else
    }
  }
}
