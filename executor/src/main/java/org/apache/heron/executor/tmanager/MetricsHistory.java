package org.apache.heron.executor.tmanager;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;

/**
 * What instances reported, by minute. Bounded twice: by age, and by the number of values, of which
 * the oldest minutes are forgotten first. One thread uses it.
 */
final class MetricsHistory {
  /** One metric of one instance in one minute. */
  static final class Cell {
    private double sum;
    private long count;
    private String last = "";

    private void add(String value) {
      last = value;
      try {
        sum += Double.parseDouble(value);
        count++;
      } catch (NumberFormatException e) {
        // Not a number: only the last value can be asked for.
        count = 0;
      }
    }

    private void add(Cell other) {
      sum += other.sum;
      count += other.count;
      last = other.last;
    }

    /** The value under that rule. */
    String value(MetricRule rule) {
      return switch (rule) {
        case SUM -> count == 0 ? last : text(sum);
        case AVG -> count == 0 ? last : text(sum / count);
        case LAST -> last;
      };
    }

    private static String text(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }
  }

  private record Key(String instance, String metric) {}

  private final TreeMap<Long, Map<Key, Cell>> minutes = new TreeMap<>();
  private final Map<String, Set<String>> instancesByComponent = new HashMap<>();
  private final int maxMinutes;
  private final int maxCells;
  private int cells;

  MetricsHistory(int maxMinutes, int maxCells) {
    this.maxMinutes = maxMinutes;
    this.maxCells = maxCells;
  }

  void add(MetricDatum datum, Instant now) {
    long minute = now.getEpochSecond() / 60;
    instancesByComponent
        .computeIfAbsent(datum.getComponentName(), name -> new TreeSet<>())
        .add(datum.getInstanceId());
    Map<Key, Cell> cellsOfMinute = minutes.computeIfAbsent(minute, m -> new HashMap<>());
    Key key = new Key(datum.getInstanceId(), datum.getName());
    Cell cell = cellsOfMinute.get(key);
    if (cell == null) {
      cell = new Cell();
      cellsOfMinute.put(key, cell);
      cells++;
    }
    cell.add(datum.getValue());
    while (minutes.size() > 1 && (cells > maxCells || minutes.firstKey() <= minute - maxMinutes)) {
      cells -= minutes.pollFirstEntry().getValue().size();
    }
  }

  boolean knows(String component) {
    return instancesByComponent.containsKey(component);
  }

  Set<String> instancesOf(String component) {
    return Set.copyOf(instancesByComponent.getOrDefault(component, Set.of()));
  }

  /** Several minutes, as one. */
  static Cell total(Collection<Cell> cells) {
    Cell total = new Cell();
    cells.forEach(total::add);
    return total;
  }

  /** Each minute (by its first second) in which there was a value. */
  NavigableMap<Long, Cell> byMinute(String instance, String metric, Instant from, Instant to) {
    NavigableMap<Long, Cell> found = new TreeMap<>();
    if (from.isAfter(to)) {
      return found;
    }
    Key key = new Key(instance, metric);
    minutes
        .subMap(from.getEpochSecond() / 60, true, to.getEpochSecond() / 60, true)
        .forEach(
            (minute, map) -> {
              Cell cell = map.get(key);
              if (cell != null) {
                found.put(minute * 60, cell);
              }
            });
    return found;
  }
}
