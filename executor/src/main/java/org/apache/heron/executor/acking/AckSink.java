package org.apache.heron.executor.acking;

/** Brings updates to the ledger of a spout, wherever it is. Never blocks. Thread-safe. */
@FunctionalInterface
public interface AckSink {

  /** Takes the updates; the caller may reuse the object afterwards. */
  void send(int spoutTask, AckUpdates updates);
}
