package org.apache.heron.executor.delivery;

/** The near end of the way to one task. Thread-safe. */
public interface Outlet {

  /** The way to a task that is not there any more. */
  Outlet NOWHERE =
      new Outlet() {
        @Override
        public boolean remote() {
          return false;
        }

        @Override
        public Delivery offer(Batch batch) {
          return Delivery.GONE;
        }
      };

  /** Whether batches must be {@link Batch.Encoded}. */
  boolean remote();

  /** Hands a batch over without waiting. */
  Delivery offer(Batch batch);
}
