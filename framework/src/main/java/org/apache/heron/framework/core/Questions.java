package org.apache.heron.framework.core;

import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ids of tasks that Mesos was asked about and has not answered for. Immutable; one answer
 * copies a bit for each task that was asked about, so that 10,000 answers in a row stay cheap.
 */
final class Questions extends AbstractSet<String> {
  static final Questions NONE = new Questions(Map.of(), new long[0], 0);

  /** Each task's place among the bits, the first asked about first; shared, never changed. */
  private final Map<String, Integer> places;

  private final long[] answered;
  private final int left;

  private Questions(Map<String, Integer> places, long[] answered, int left) {
    this.places = places;
    this.answered = answered;
    this.left = left;
  }

  /** All of these, none of which is answered. */
  static Questions of(Set<String> tasks) {
    Map<String, Integer> places = new HashMap<>();
    for (String task : tasks) {
      places.put(task, places.size());
    }
    return new Questions(
        places, new long[(places.size() + Long.SIZE - 1) / Long.SIZE], tasks.size());
  }

  /** These without that one. */
  Questions without(String task) {
    if (!contains(task)) {
      return this;
    }
    long[] more = answered.clone();
    int place = places.get(task);
    more[place / Long.SIZE] |= 1L << place;
    return left == 1 ? NONE : new Questions(places, more, left - 1);
  }

  @Override
  public boolean contains(Object task) {
    Integer place = places.get(task);
    return place != null && (answered[place / Long.SIZE] & 1L << place) == 0;
  }

  @Override
  public int size() {
    return left;
  }

  @Override
  public Iterator<String> iterator() {
    // Sorted, so that the same state is the same questions in the same order.
    Map<String, Integer> sorted = new TreeMap<>(places);
    return sorted.keySet().stream().filter(this::contains).iterator();
  }
}
