package org.apache.heron.executor.prometheus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.UserMetric;

/**
 * Figures in Prometheus' text format 0.0.4, under the names that upstream's sink gives them. What
 * upstream exports as the growth of the last minute is here what it is to Prometheus: a counter.
 */
final class Exposition {
  private static final String PREFIX = "heron_";

  private final Labels labels;
  private final RecentMeans means;
  private final Map<String, Family> families = new TreeMap<>();

  /** The samples of one name, which must stand together; by their labels. */
  private record Family(String type, Map<String, String> samples) {}

  Exposition(Labels labels, RecentMeans means) {
    this.labels = labels;
    this.means = means;
  }

  /** Adds what the data plane of a container has counted. */
  void add(ContainerCounters counters) {
    String own = labels.of("__stmgr__", counters.stmgrId(), "");
    for (Figure figure : Figure.of(counters)) {
      addOfStreamManager(counters.stmgrId(), own, figure);
    }
    counter("bytes_sent", own, counters.bytesSent());
    counter("bytes_received", own, counters.bytesReceived());
    counters
        .droppedTuples()
        .forEach((reason, count) -> counter("dropped_tuples/" + reason, own, count));
    for (InstanceCounters instance : counters.instances()) {
      add(instance);
    }
  }

  /** As upstream's sink does: an instance's id is a label, and no part of a name. */
  private void addOfStreamManager(String stmgrId, String own, Figure figure) {
    String before = Figure.BACK_PRESSURE_BY + "/";
    if (figure instanceof Figure.Total total && figure.name().startsWith(before)) {
      String instance = figure.name().substring(before.length());
      counter(
          Figure.BACK_PRESSURE_BY,
          labels.of(Figure.STREAM_MANAGER, stmgrId, "", instance),
          total.value());
    } else {
      add(stmgrId, own, figure);
    }
  }

  private void add(InstanceCounters instance) {
    String own =
        labels.of(
            instance.component(), instance.instanceId(), instance.kind().toLowerCase(Locale.ROOT));
    counter("exception_count", own, instance.exceptionCount());
    Figure.of(instance).forEach(figure -> add(instance.instanceId(), own, figure));
    instance.userMetrics().values().forEach(metric -> add(own, metric));
  }

  /** Figures of the process itself. */
  void add(String own, List<Figure> figures) {
    figures.forEach(figure -> add("", own, figure));
  }

  private void add(String instance, String own, Figure figure) {
    if (figure instanceof Figure.Total total) {
      counter(figure.name(), own, total.value());
    } else if (figure instanceof Figure.Mean mean) {
      means.of(instance, mean).ifPresent(nanos -> gauge(figure.name(), own, nanos));
    } else if (figure instanceof Figure.Reading reading) {
      gauge(figure.name(), own, reading.value());
    }
  }

  /** User code may register anything; what holds numbers is told, the rest has no form here. */
  private void add(String own, UserMetric metric) {
    if (metric.counts()) {
      metric.totals().forEach((name, total) -> counter(name, own, total));
      return;
    }
    metric
        .last()
        .forEach(
            (name, value) -> {
              if (value instanceof Number number) {
                gauge(name, own, number);
              }
            });
  }

  private void counter(String name, String own, long value) {
    sample("counter", name, own, value);
  }

  private void gauge(String name, String own, Number value) {
    sample("gauge", name, own, value);
  }

  private void sample(String type, String name, String own, Number value) {
    String exported = PREFIX + name.replace("__", "").toLowerCase(Locale.ROOT);
    families
        .computeIfAbsent(
            exported.replaceAll("[^a-zA-Z0-9_]", "_"), n -> new Family(type, new TreeMap<>()))
        // Two names of a user's may become one: the format allows a sample once.
        .samples()
        .putIfAbsent(own, text(value));
  }

  private static String text(Number value) {
    double number = value.doubleValue();
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    return value instanceof Long || value instanceof Integer
        ? value.toString()
        : Double.toString(number);
  }

  /** All of it. */
  String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          family
              .samples()
              .forEach(
                  (own, value) ->
                      text.append(name).append(own).append(' ').append(value).append('\n'));
        });
    return text.toString();
  }
}
