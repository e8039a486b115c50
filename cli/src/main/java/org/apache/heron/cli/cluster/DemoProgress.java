package org.apache.heron.cli.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether every container ran and every component's counter grew. A container whose counters could
 * not be had at one look makes no component stand still: only counts of equally many instances are
 * compared. Not thread-safe.
 */
final class DemoProgress {
  private final Map<String, ComponentCounts.Count> first = new TreeMap<>();
  private final TreeSet<String> still = new TreeSet<>();
  private int looks;

  /** Takes note of one look, at which every container ran. */
  void see(ComponentCounts counts) {
    if (!counts.byComponent().isEmpty()) {
      looks++;
      counts.byComponent().forEach(this::see);
    }
  }

  private void see(String component, ComponentCounts.Count count) {
    ComponentCounts.Count before = first.get(component);
    if (before == null) {
      still.add(component);
    }
    if (before == null || count.instances() > before.instances()) {
      first.put(component, count);
    } else if (count.instances() == before.instances() && count.progress() > before.progress()) {
      still.remove(component);
    }
  }

  /** True if one look more could still show what was to be shown. */
  boolean wantsOneMore() {
    return looks > 0 && !still.isEmpty();
  }

  /** Why the demonstration failed so far; empty if it did not. */
  Optional<String> problem() {
    return switch (looks) {
      case 0 -> Optional.of("the topology was never seen running");
      case 1 -> Optional.of("the topology was seen only once; let it run longer");
      default ->
          still.isEmpty()
              ? Optional.empty()
              : Optional.of("component " + still.first() + " moved no tuples");
    };
  }
}
