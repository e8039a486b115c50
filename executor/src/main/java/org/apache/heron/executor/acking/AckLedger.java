package org.apache.heron.executor.acking;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.heron.executor.acking.Completion.Outcome;
import org.apache.heron.executor.delivery.Waker;
import org.apache.heron.executor.tuple.StreamInfo;

/**
 * The tuple trees of one spout. The spout registers roots and takes completions; everybody's acks
 * are applied by whoever brings them, so that there is no queue of acks: memory is bounded by the
 * number of trees under way.
 *
 * <p>INVARIANT: a root is removed exactly once, and yields exactly one completion. Thread-safe.
 */
public final class AckLedger {

  private static final int INITIAL_SLOTS = 256;

  private final Waker waker;

  // guarded by this: open addressing; roots are a sequence, and must not lie side by side, or each
  // removal would look at all of them
  private long[] roots = new long[INITIAL_SLOTS];
  private long[] values = new long[INITIAL_SLOTS];
  private long[] emitted = new long[INITIAL_SLOTS];
  private Object[] messageIds = new Object[INITIAL_SLOTS];
  private StreamInfo[] streams = new StreamInfo[INITIAL_SLOTS]; // null: the slot is free
  private int size;
  private List<Completion> completions = new ArrayList<>();

  // written by the emitting side only, under its collector's lock
  private final List<Staged> staged = new ArrayList<>();
  private long nextRoot = ThreadLocalRandom.current().nextLong();

  private volatile int pending;

  private record Staged(long root, long value, Object messageId, StreamInfo stream, long nanos) {}

  /** An empty ledger that wakes the spout when there are completions. */
  public AckLedger(Waker waker) {
    this.waker = waker;
  }

  /** A new root. Starts at random, so that acks for an earlier life of the spout find nothing. */
  public long newRoot() {
    return nextRoot++;
  }

  /** Registers a root; it takes effect with {@link #publish}, to be called before tuples leave. */
  public void stage(long root, long value, Object messageId, StreamInfo stream, long nanos) {
    staged.add(new Staged(root, value, messageId, stream, nanos));
  }

  /** Makes staged roots known to ackers. */
  public void publish() {
    if (staged.isEmpty()) {
      return;
    }
    boolean complete;
    synchronized (this) {
      for (Staged one : staged) {
        if (one.value == 0) {
          // nobody consumes the tuple
          completions.add(new Completion(one.messageId, one.stream, one.nanos, Outcome.ACKED));
        } else {
          insert(one);
        }
      }
      complete = !completions.isEmpty();
      pending = size + completions.size();
    }
    staged.clear();
    if (complete) {
      waker.wake();
    }
  }

  private void insert(Staged one) {
    if (size >= roots.length / 2) {
      grow();
    }
    int slot = free(one.root);
    roots[slot] = one.root;
    values[slot] = one.value;
    emitted[slot] = one.nanos;
    messageIds[slot] = one.messageId;
    streams[slot] = one.stream;
    size++;
  }

  /** Fibonacci hashing: the upper bits of a product spread sequences evenly. */
  private int home(long root) {
    return (int)
        ((root * 0x9E3779B97F4A7C15L) >>> (Integer.numberOfLeadingZeros(roots.length) + 33));
  }

  private int free(long root) {
    int mask = roots.length - 1;
    int slot = home(root);
    while (streams[slot] != null) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int find(long root) {
    int mask = roots.length - 1;
    int slot = home(root);
    while (streams[slot] != null) {
      if (roots[slot] == root) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private void grow() {
    long[] oldRoots = roots;
    long[] oldValues = values;
    long[] oldEmitted = emitted;
    Object[] oldIds = messageIds;
    StreamInfo[] oldStreams = streams;
    int slots = roots.length * 2;
    roots = new long[slots];
    values = new long[slots];
    emitted = new long[slots];
    messageIds = new Object[slots];
    streams = new StreamInfo[slots];
    for (int i = 0; i < oldRoots.length; i++) {
      if (oldStreams[i] != null) {
        int slot = free(oldRoots[i]);
        roots[slot] = oldRoots[i];
        values[slot] = oldValues[i];
        emitted[slot] = oldEmitted[i];
        messageIds[slot] = oldIds[i];
        streams[slot] = oldStreams[i];
      }
    }
  }

  private void complete(int slot, Outcome outcome) {
    completions.add(new Completion(messageIds[slot], streams[slot], emitted[slot], outcome));
    remove(slot);
  }

  /** Frees a slot and moves up what would not be found any more behind the hole. */
  private void remove(int slot) {
    int mask = roots.length - 1;
    int hole = slot;
    int next = (hole + 1) & mask;
    while (streams[next] != null) {
      int home = home(roots[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        roots[hole] = roots[next];
        values[hole] = values[next];
        emitted[hole] = emitted[next];
        messageIds[hole] = messageIds[next];
        streams[hole] = streams[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    messageIds[hole] = null;
    streams[hole] = null;
    size--;
  }

  /** Applies acks and failures; those of unknown roots (late ones) are ignored. */
  public void apply(AckUpdates updates) {
    boolean complete;
    synchronized (this) {
      for (int i = 0; i < updates.ackCount(); i++) {
        int slot = find(updates.ackRoot(i));
        if (slot >= 0) {
          values[slot] ^= updates.ackValue(i);
          if (values[slot] == 0) {
            complete(slot, Outcome.ACKED);
          }
        }
      }
      for (int i = 0; i < updates.failCount(); i++) {
        int slot = find(updates.failedRoot(i));
        if (slot >= 0) {
          complete(slot, Outcome.FAILED);
        }
      }
      complete = !completions.isEmpty();
    }
    if (complete) {
      waker.wake();
    }
  }

  /** Ends all trees emitted before {@code deadlineNanos}. */
  public synchronized void expire(long deadlineNanos) {
    if (size == 0) {
      return;
    }
    List<Long> late = new ArrayList<>();
    for (int i = 0; i < roots.length; i++) {
      if (streams[i] != null && emitted[i] - deadlineNanos < 0) {
        late.add(roots[i]);
      }
    }
    // removal moves entries, so slots are looked up again
    late.forEach(root -> complete(find(root), Outcome.TIMED_OUT));
  }

  /**
   * Takes all completions, in exchange for an empty list.
   *
   * @return the completions in the order in which trees ended
   */
  public synchronized List<Completion> take(List<Completion> empty) {
    List<Completion> taken = completions;
    completions = empty;
    pending = size;
    return taken;
  }

  /** Whether {@link #take} would yield anything. */
  public synchronized boolean hasCompletions() {
    return !completions.isEmpty();
  }

  /** Trees under way, those that ended but were not taken included. */
  public int pending() {
    return pending + staged.size();
  }

  /** Forgets all trees without completing them: their spout is gone. */
  public synchronized void clear() {
    roots = new long[INITIAL_SLOTS];
    values = new long[INITIAL_SLOTS];
    emitted = new long[INITIAL_SLOTS];
    messageIds = new Object[INITIAL_SLOTS];
    streams = new StreamInfo[INITIAL_SLOTS];
    size = 0;
    completions = new ArrayList<>();
    staged.clear();
    pending = 0;
  }
}
