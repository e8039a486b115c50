package org.apache.heron.executor.delivery;

/** The near end of the way to one task. Thread-safe. */
public interface Outlet {

  /** Whether batches must be {@link Batch.Encoded}. */
  boolean remote();

  /** Hands a batch over without waiting. */
  Delivery offer(Batch batch);
}
