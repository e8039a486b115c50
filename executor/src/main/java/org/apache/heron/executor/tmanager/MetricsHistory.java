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
  private record Key(String instance, String metric) {}

  /** One metric of one instance in one minute. There may be a million: each field counts. */
  static final class Cell {
    private final Key key;
    private double sum;
    private double last;
    private int count;

    /** The last value if that is not a number; null if it is. */
    private String text = "";

    private Cell(Key key) {
      this.key = key;
    }

    private void add(String value) {
      try {
        last = Double.parseDouble(value);
        text = null;
        sum += last;
        count++;
      } catch (NumberFormatException e) {
        // Only the last value can be asked for.
        text = value;
        count = 0;
      }
    }

    private void add(Cell other) {
      sum += other.sum;
      count += other.count;
      last = other.last;
      text = other.text;
    }

    /** The value under that rule. */
    String value(MetricRule rule) {
      return switch (rule) {
        case SUM -> count == 0 ? last() : text(sum);
        case AVG -> count == 0 ? last() : text(sum / count);
        case LAST -> last();
      };
    }

    private String last() {
      return text == null ? text(last) : text;
    }

    private static String text(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }
  }

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
      cell = new Cell(known(minute, key));
      cellsOfMinute.put(cell.key, cell);
      cells++;
    }
    cell.add(datum.getValue());
    while (minutes.size() > 1 && (cells > maxCells || minutes.firstKey() <= minute - maxMinutes)) {
      cells -= minutes.pollFirstEntry().getValue().size();
    }
  }

  /** The names of a metric and its instance are kept once, not in each minute. */
  private Key known(long minute, Key key) {
    Map.Entry<Long, Map<Key, Cell>> before = minutes.lowerEntry(minute);
    Cell cell = before == null ? null : before.getValue().get(key);
    return cell == null ? key : cell.key;
  }

  boolean knows(String component) {
    return instancesByComponent.containsKey(component);
  }

  Set<String> instancesOf(String component) {
    return Set.copyOf(instancesByComponent.getOrDefault(component, Set.of()));
  }

  /** Several minutes, as one. */
  static Cell total(Collection<Cell> cells) {
    Cell total = new Cell(null);
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
