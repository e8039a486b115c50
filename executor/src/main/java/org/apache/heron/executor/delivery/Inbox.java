package org.apache.heron.executor.delivery;

import java.util.ArrayDeque;

/**
 * The queue of one instance. Bounded: emitters of the same container are refused when it is full;
 * other containers stay within the credit they were given. Many producers, one consumer, which
 * takes all there is at once, so that the lock is taken per batch and not per tuple.
 *
 * <p>Above three quarters of its capacity it raises an alarm, below one quarter it ends it.
 */
public final class Inbox implements Outlet {

  /** Told of alarms; called by producers and the consumer, in order. */
  public interface Alarm {

    /** The queue is too full. */
    void raised();

    /** There is room again. */
    void ended();
  }

  private final int capacity;
  private final Alarm alarm;
  private final boolean discardWhenFull;
  private final Waker waker;

  // guarded by this
  private ArrayDeque<Batch> batches = new ArrayDeque<>();
  private int queued;
  private boolean alarmed;
  private boolean closed;
  private long discarded;

  private volatile int backlog;

  /**
   * An empty queue.
   *
   * @param capacity in {@link Batch#weight}
   * @param discardWhenFull throw tuples away rather than hold emitters back
   * @param waker wakes the consumer
   */
  public Inbox(int capacity, boolean discardWhenFull, Alarm alarm, Waker waker) {
    this.capacity = capacity;
    this.discardWhenFull = discardWhenFull;
    this.alarm = alarm;
    this.waker = waker;
  }

  @Override
  public boolean remote() {
    return false;
  }

  @Override
  public Delivery offer(Batch batch) {
    synchronized (this) {
      if (closed) {
        return Delivery.GONE;
      }
      if (queued >= capacity) {
        if (!discardWhenFull) {
          return Delivery.FULL;
        }
        discarded += batch.count();
        return Delivery.ACCEPTED;
      }
      append(batch);
    }
    waker.wake();
    return Delivery.ACCEPTED;
  }

  /**
   * Takes a batch from another container, whose credit bounds what it may send.
   *
   * @return false if the queue is closed; the batch is still the caller's then
   */
  public boolean deliver(Batch.Encoded batch) {
    boolean full;
    synchronized (this) {
      if (closed) {
        return false;
      }
      full = discardWhenFull && queued >= capacity;
      if (full) {
        discarded += batch.count();
      } else {
        append(batch);
      }
    }
    if (full) {
      batch.credit().giveBack(batch.length());
    } else {
      waker.wake();
    }
    return true;
  }

  private void append(Batch batch) {
    batches.add(batch);
    queued += batch.weight();
    if (!alarmed && !discardWhenFull && queued + backlog > capacity / 4 * 3) {
      alarmed = true;
      alarm.raised();
    }
  }

  /**
   * Takes all batches, in exchange for an empty queue.
   *
   * @return the batches; empty if there are none
   */
  public synchronized ArrayDeque<Batch> take(ArrayDeque<Batch> empty) {
    ArrayDeque<Batch> taken = batches;
    batches = empty;
    backlog = queued;
    queued = 0;
    return taken;
  }

  /** Says that the consumer is through with a batch that it took. */
  public void done(Batch batch) {
    int left = Math.max(0, backlog - batch.weight());
    backlog = left;
    if (left <= capacity / 4) {
      endAlarmIfLow();
    }
    if (batch instanceof Batch.Encoded encoded) {
      encoded.credit().giveBack(encoded.length());
    }
  }

  private void endAlarmIfLow() {
    synchronized (this) {
      if (alarmed && queued + backlog <= capacity / 4) {
        alarmed = false;
        alarm.ended();
      }
    }
  }

  /** Whether there is anything to take. */
  public synchronized boolean isEmpty() {
    return batches.isEmpty();
  }

  /** Weight of all batches that were not {@link #done} yet. */
  public synchronized int size() {
    return queued + backlog;
  }

  /** Tuples thrown away because the queue was full. */
  public synchronized long discarded() {
    return discarded;
  }

  /** The consumer forgets what it took: its instance has ended. Credit is given back. */
  public void forget(Iterable<Batch> taken) {
    for (Batch batch : taken) {
      done(batch);
    }
    backlog = 0;
    endAlarmIfLow();
  }

  /** Refuses everything from now on; what is queued is thrown away. */
  public void close() {
    ArrayDeque<Batch> left;
    synchronized (this) {
      closed = true;
      left = take(new ArrayDeque<>());
    }
    forget(left);
  }
}
