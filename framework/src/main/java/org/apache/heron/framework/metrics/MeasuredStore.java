package org.apache.heron.framework.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;

/** A store whose writes are timed. Thread-safe if the other is. */
record MeasuredStore(FrameworkStore store, FrameworkMetrics metrics) implements FrameworkStore {

  @Override
  public CompletableFuture<Snapshot> takeOver(String holder) {
    return store.takeOver(holder);
  }

  @Override
  public CompletableFuture<Snapshot> succeed(String holder) {
    return store.succeed(holder);
  }

  @Override
  public CompletableFuture<Void> write(Batch batch) {
    int records = batch.containers().size() + batch.removed().size();
    return timed(records + (batch.framework().isPresent() ? 1 : 0), () -> store.write(batch));
  }

  @Override
  public CompletableFuture<Void> removeAll() {
    return timed(0, store::removeAll);
  }

  private CompletableFuture<Void> timed(int records, Supplier<CompletableFuture<Void>> write) {
    metrics.writing(records);
    long begin = System.nanoTime();
    return write
        .get()
        .whenComplete(
            (done, failure) ->
                metrics.written(Duration.ofNanos(System.nanoTime() - begin), failure == null));
  }

  @Override
  public Optional<String> problem() {
    return store.problem();
  }

  @Override
  public void close() {
    store.close();
  }
}
