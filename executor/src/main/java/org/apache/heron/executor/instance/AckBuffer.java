package org.apache.heron.executor.instance;

import java.util.Arrays;
import org.apache.heron.executor.acking.AckSink;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.tuple.TupleImpl;

/** Acks and failures of a bolt that were not sent yet, by spout task. Not thread-safe. */
final class AckBuffer {

  private static final int SEND_AT = 256;

  private final AckSink sink;
  private AckUpdates[] byTask = new AckUpdates[16];
  private int[] dirty = new int[16];
  private int dirtyCount;

  AckBuffer(AckSink sink) {
    this.sink = sink;
  }

  private AckUpdates updates(int task) {
    if (task >= byTask.length) {
      byTask = Arrays.copyOf(byTask, Math.max(task + 1, byTask.length * 2));
    }
    AckUpdates updates = byTask[task];
    if (updates == null) {
      updates = new AckUpdates();
      byTask[task] = updates;
    }
    if (updates.size() == 0) {
      if (dirtyCount == dirty.length) {
        dirty = Arrays.copyOf(dirty, dirtyCount * 2);
      }
      dirty[dirtyCount++] = task;
    }
    return updates;
  }

  void ack(TupleImpl tuple) {
    int count = tuple.roots().count();
    for (int i = 0; i < count; i++) {
      AckUpdates updates = updates(tuple.roots().spoutTask(i));
      updates.ack(tuple.roots().rootId(i), tuple.roots().key(i) ^ tuple.children());
      if (updates.size() >= SEND_AT) {
        flush();
      }
    }
  }

  void fail(TupleImpl tuple) {
    int count = tuple.roots().count();
    for (int i = 0; i < count; i++) {
      updates(tuple.roots().spoutTask(i)).fail(tuple.roots().rootId(i));
    }
  }

  /** Sends everything. Never blocks. */
  void flush() {
    for (int i = 0; i < dirtyCount; i++) {
      AckUpdates updates = byTask[dirty[i]];
      sink.send(dirty[i], updates);
      updates.clear();
    }
    dirtyCount = 0;
  }
}
