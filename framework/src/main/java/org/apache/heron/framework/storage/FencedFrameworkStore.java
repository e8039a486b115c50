package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.heron.framework.storage.Transactions.Write;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is asked into a queue and carries it out in order on one executor. Batches that wait
 * together share a transaction, so that a slow ZooKeeper makes transactions larger, not the queue
 * longer.
 */
final class FencedFrameworkStore implements FrameworkStore {
  private static final Logger LOG = LoggerFactory.getLogger(FencedFrameworkStore.class);

  /** Batches that may wait; a scheduler that waits for its writes never comes near. */
  private static final int QUEUE_LIMIT = 10_000;

  private final Fence fence;
  private final Patience patience;
  private final Clock clock;
  private final Executor executor;
  private final Runnable release;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final Map<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private StorageException end;

  /**
   * Makes a store.
   *
   * @param executor runs one task at a time, in order
   * @param release ends the executor, interrupting what it does
   */
  FencedFrameworkStore(
      Fence fence, Patience patience, Clock clock, Executor executor, Runnable release) {
    this.fence = fence;
    this.patience = patience;
    this.clock = clock;
    this.executor = executor;
    this.release = release;
  }

  /** A batch that waits, as writes. */
  private record Pending(List<Write> writes, CompletableFuture<Void> done) {}

  /** Something that the store's thread does. */
  private interface Work<T> {
    T run() throws InterruptedException;
  }

  @Override
  public CompletableFuture<Snapshot> takeOver(String holder) {
    return takeOver(holder, true);
  }

  @Override
  public CompletableFuture<Snapshot> succeed(String holder) {
    return takeOver(holder, false);
  }

  private CompletableFuture<Snapshot> takeOver(String holder, boolean anew) {
    CompletableFuture<Snapshot> taken = new CompletableFuture<>();
    submit(taken, () -> perform(taken, () -> fence.takeOver(holder, clock.instant(), anew)));
    return taken;
  }

  @Override
  public CompletableFuture<Void> write(Batch batch) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    List<Write> writes;
    try {
      writes = writes(batch);
    } catch (StorageException e) {
      done.completeExceptionally(e);
      return done;
    }
    synchronized (this) {
      if (end == null && queue.size() < QUEUE_LIMIT) {
        queue.add(new Pending(writes, done));
      } else {
        done.completeExceptionally(end == null ? full() : end);
        return done;
      }
    }
    submit(done, this::drain);
    return done;
  }

  @Override
  public CompletableFuture<Void> removeAll() {
    CompletableFuture<Void> removed = new CompletableFuture<>();
    submit(
        removed,
        () -> {
          perform(
              removed,
              () -> {
                fence.removeAll();
                finish(
                    new StorageException.Closed(
                        "the records below " + fence.frameworkPath() + " were removed"));
                return null;
              });
        });
    return removed;
  }

  @Override
  public Optional<String> problem() {
    return patience.problem();
  }

  @Override
  public void close() {
    StorageException.Closed closed =
        new StorageException.Closed(
            "the store of "
                + fence.frameworkPath()
                + " was closed; whether the record was written"
                + " is found out when it is opened again");
    finish(closed);
    release.run();
    open.values().forEach(future -> future.completeExceptionally(closed));
  }

  private void submit(CompletableFuture<?> future, Runnable work) {
    long call = calls.incrementAndGet();
    open.put(call, future);
    future.whenComplete((ok, failure) -> open.remove(call));
    try {
      executor.execute(() -> atTheEdge(future, work));
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(
          new StorageException.Closed("the store of " + fence.frameworkPath() + " is closed"));
    }
  }

  /**
   * The edge of the store's thread: no Error ends it without a word. INVARIANT: nothing follows
   * what an Error has cut off, as whether that is written is not known.
   */
  private void atTheEdge(CompletableFuture<?> future, Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      broken(future, e);
    }
  }

  private void broken(CompletableFuture<?> future, Throwable e) {
    try {
      LOG.error("the store of {} cannot go on", fence.frameworkPath(), e);
    } finally { // also if a class is missing just for what is done before
      try {
        finish(new StorageException.Closed("the store has failed: " + e));
      } finally {
        future.completeExceptionally(e);
      }
    }
  }

  /** Carries out what waits, in as few transactions as it fits. */
  private void drain() {
    List<Pending> together = new ArrayList<>();
    synchronized (this) {
      together.addAll(queue);
      queue.clear();
    }
    try {
      write(together);
    } catch (Throwable e) { // nobody else knows of those that were taken out of the queue
      together.forEach(pending -> pending.done().completeExceptionally(e));
      throw e;
    }
  }

  private void write(List<Pending> together) {
    int from = 0;
    while (from < together.size()) {
      int to = from;
      int bytes = 0;
      List<Write> writes = new ArrayList<>();
      do {
        Pending pending = together.get(to++);
        writes.addAll(pending.writes());
        bytes += pending.writes().stream().mapToInt(Write::bytes).sum();
      } while (to < together.size() && bytes < Transactions.TRANSACTION_BYTES / 2);
      // One callback for all: those of a future run in no useful order.
      List<Pending> group = together.subList(from, to);
      CompletableFuture<Void> durable = new CompletableFuture<>();
      durable.whenComplete(
          (ok, failure) -> group.forEach(pending -> settle(pending.done(), failure)));
      perform(durable, () -> commit(writes));
      from = to;
    }
  }

  private static void settle(CompletableFuture<Void> done, Throwable failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  private Void commit(List<Write> writes) throws InterruptedException {
    for (List<Write> part : Transactions.split(writes, Transactions.TRANSACTION_BYTES)) {
      fence.commit(part);
    }
    return null;
  }

  /** Every failure ends up in the future. */
  private <T> void perform(CompletableFuture<T> future, Work<T> work) {
    synchronized (this) {
      if (end != null) {
        future.completeExceptionally(end);
        return;
      }
    }
    try {
      future.complete(work.run());
    } catch (StorageException.Deposed | StorageException.Absent e) {
      finish(e);
      future.completeExceptionally(e);
    } catch (InterruptedException e) {
      future.completeExceptionally(
          new StorageException.Closed("interrupted while writing " + fence.frameworkPath()));
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    } catch (Throwable e) { // an Error
      broken(future, e);
    }
  }

  /** From now on nothing is carried out; what waits fails. */
  private void finish(StorageException reason) {
    List<Pending> waiting;
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
      waiting = List.copyOf(queue);
      queue.clear();
    }
    waiting.forEach(pending -> pending.done().completeExceptionally(reason));
  }

  private List<Write> writes(Batch batch) {
    List<Write> writes = new ArrayList<>();
    batch
        .framework()
        .ifPresent(
            framework ->
                writes.add(
                    new Write(
                        fence.frameworkPath(), Optional.of(framework.toProto().toByteString()))));
    for (ContainerRecord container : batch.containers()) {
      writes.add(
          new Write(
              fence.containerPath(container.containerId()),
              Optional.of(container.toProto().toByteString())));
    }
    batch.removed().forEach(id -> writes.add(new Write(fence.containerPath(id), Optional.empty())));
    for (Write write : writes) {
      int bytes = write.data().map(ByteString::size).orElse(0);
      if (bytes > Transactions.NODE_BYTES) {
        throw new StorageException.Refused(
            "the record for "
                + write.path()
                + " has "
                + bytes
                + " bytes; a node may have "
                + Transactions.NODE_BYTES,
            null);
      }
    }
    return writes;
  }

  private StorageException full() {
    return new StorageException.Refused(
        QUEUE_LIMIT
            + " writes wait already"
            + patience.problem().map(problem -> ": " + problem).orElse(""),
        null);
  }
}
