package org.apache.heron.executor.delivery;

/** What became of a batch that was offered. */
public enum Delivery {
  /** It is on its way. */
  ACCEPTED,
  /** There is no room for it now; offer it again a little later. */
  FULL,
  /** The other side is gone: the batch is lost, and so would be the next. */
  GONE
}
