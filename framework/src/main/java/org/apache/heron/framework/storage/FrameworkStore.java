package org.apache.heron.framework.storage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The records of one topology's framework, written by one scheduler at a time.
 *
 * <ul>
 *   <li>Taking over deposes whoever wrote before: no later write of the former has any effect,
 *       however long it was paused or cut off.
 *   <li>Writes take effect in the order of the calls. A completed write is durable.
 *   <li>While ZooKeeper is away a write waits and is tried again; {@link #problem} says so. A write
 *       whose answer was lost is looked up before anything else is written, so that it takes effect
 *       once.
 *   <li>Futures fail only with a {@link StorageException}; after {@link StorageException.Deposed}
 *       or {@link StorageException.Absent} every further call fails the same way. Absent is a write
 *       whose records somebody has removed, without having taken over.
 * </ul>
 *
 * Thread-safe; no method blocks. Futures complete on the store's own thread: do not block there.
 */
public interface FrameworkStore extends AutoCloseable {
  /**
   * Becomes the writer and reads all records. To be called once, before anything else.
   *
   * @param holder who is taking over, for people: host and process
   */
  CompletableFuture<Snapshot> takeOver(String holder);

  /**
   * As {@link #takeOver}, but only goes on with what is there: after {@link #removeAll} of a former
   * writer it fails with {@link StorageException.Absent}, and has created nothing.
   */
  CompletableFuture<Snapshot> succeed(String holder);

  /** Writes a batch. An empty one completes when all earlier ones have. */
  CompletableFuture<Void> write(Batch batch);

  /**
   * Removes every record, the framework's last, so that a removal that was cut off is found again
   * by the next {@link #takeOver} and can be repeated. Nothing can be written afterwards.
   */
  CompletableFuture<Void> removeAll();

  /** Why records cannot be written just now, as one line; empty if nothing is wrong. */
  Optional<String> problem();

  /**
   * Ends the store's thread. What is under way may or may not take effect; its futures fail with
   * {@link StorageException.Closed}. Idempotent.
   */
  @Override
  void close();
}
