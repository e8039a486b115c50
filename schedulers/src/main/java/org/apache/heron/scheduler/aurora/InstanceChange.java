package org.apache.heron.scheduler.aurora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be done so that a job's instances become the wanted ones. Pure.
 *
 * <p>Aurora itself numbers the instances that are added: one after the highest that is active. So
 * instances that nobody wants, while others are missing, are those of an earlier attempt that was
 * cut off; they take the missing ones' places.
 *
 * @param adopted missing container to the instance that takes its place
 * @param missing containers for which instances are to be added, ascending
 * @param surplus instances to be ended, ascending
 */
record InstanceChange(Map<Integer, Integer> adopted, List<Integer> missing, List<Integer> surplus) {
  InstanceChange {
    adopted = Collections.unmodifiableMap(new TreeMap<>(adopted));
    missing = List.copyOf(missing);
    surplus = List.copyOf(surplus);
  }

  /**
   * @param wanted ids of the plan's containers; container 0 is always wanted
   * @param active instances that Aurora runs, or is about to
   */
  static InstanceChange between(Collection<Integer> wanted, Set<Integer> active) {
    List<Integer> missing =
        new ArrayList<>(new TreeSet<>(wanted).stream().filter(id -> !active.contains(id)).toList());
    List<Integer> surplus =
        new ArrayList<>(
            new TreeSet<>(active).stream().filter(id -> id != 0 && !wanted.contains(id)).toList());
    Map<Integer, Integer> adopted = new TreeMap<>();
    while (!missing.isEmpty() && !surplus.isEmpty()) {
      adopted.put(missing.remove(0), surplus.remove(0));
    }
    return new InstanceChange(adopted, missing, surplus);
  }

  /**
   * The containers that have got another number than the plan gave them.
   *
   * @param added what Aurora has numbered, as many as are missing
   */
  Map<Integer, Integer> renumbered(Collection<Integer> added) {
    Map<Integer, Integer> places = new TreeMap<>(adopted);
    List<Integer> numbers = new ArrayList<>(new TreeSet<>(added));
    // A number that was wanted stays its container's.
    List<Integer> others = new ArrayList<>(missing);
    others.removeAll(numbers);
    numbers.removeAll(missing);
    for (int i = 0; i < others.size(); i++) {
      places.put(others.get(i), numbers.get(i));
    }
    return places;
  }
}
