package org.apache.heron.framework.simulation;

import java.util.PriorityQueue;

/** What is to happen when, in milliseconds since the world began; and the time it is now. */
final class Agenda {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long added;

  /** Something to happen; may be cancelled. */
  static final class Entry implements Comparable<Entry> {
    private final long time;
    private final long number;
    private Runnable work;

    private Entry(long time, long number, Runnable work) {
      this.time = time;
      this.number = number;
      this.work = work;
    }

    void cancel() {
      work = null;
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  long now() {
    return now;
  }

  Entry at(long time, Runnable work) {
    Entry entry = new Entry(Math.max(time, now), added++, work);
    entries.add(entry);
    return entry;
  }

  Entry after(long wait, Runnable work) {
    return at(now + wait, work);
  }

  /** Lets the next thing happen that is due until then; false if there is none. */
  boolean next(long until) {
    while (!entries.isEmpty() && entries.peek().time <= until) {
      Entry entry = entries.remove();
      Runnable work = entry.work;
      if (work != null) {
        now = Math.max(now, entry.time);
        work.run();
        return true;
      }
    }
    return false;
  }

  /** It is that time now, if it is not later already. */
  void reach(long time) {
    now = Math.max(now, time);
  }
}
