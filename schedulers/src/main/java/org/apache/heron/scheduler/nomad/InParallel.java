package org.apache.heron.scheduler.nomad;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Does the same for many jobs, some at a time; Nomad's servers are asked by others too. */
final class InParallel {
  private static final int THREADS = 8;

  private InParallel() {}

  /**
   * For each; when one fails, those that were not begun are left.
   *
   * @throws SchedulerException the first failure, after all that were begun have ended
   */
  static <T> void each(Collection<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return item;
        });
  }

  /** As {@link #each}, with a result for each in the items' order. */
  static <T, R> List<R> map(Collection<T> items, Function<T, R> work) {
    if (items.size() == 1) {
      return List.of(work.apply(items.iterator().next()));
    }
    AtomicBoolean failed = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, InParallel::thread);
    try {
      List<Future<R>> begun = new ArrayList<>();
      for (T item : items) {
        begun.add(threads.submit(() -> failed.get() ? null : done(item, work, failed)));
      }
      return results(begun);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "nomad-call");
    thread.setDaemon(true);
    return thread;
  }

  private static <T, R> R done(T item, Function<T, R> work, AtomicBoolean failed) {
    boolean done = false;
    try {
      R result = work.apply(item);
      done = true;
      return result;
    } finally {
      if (!done) {
        failed.set(true);
      }
    }
  }

  private static <R> List<R> results(List<Future<R>> begun) {
    List<R> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<R> each : begun) {
      try {
        results.add(each.get());
      } catch (ExecutionException e) {
        RuntimeException cause =
            e.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException(e.getCause());
        failure = failure == null ? cause : failure;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchedulerException("interrupted while Nomad was asked", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }
}
