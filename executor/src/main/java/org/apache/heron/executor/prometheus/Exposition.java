package org.apache.heron.executor.prometheus;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;

/**
 * Figures in Prometheus' text format 0.0.4, under the names that upstream's sink gives them. What
 * upstream exports as the growth of the last minute is here what it is to Prometheus: a counter.
 */
final class Exposition {
  private static final String PREFIX = "heron_";

  private final Labels labels;
  private final Map<String, Family> families = new TreeMap<>();

  /** The samples of one name, which must stand together; by their labels. */
  private record Family(String type, Map<String, String> samples) {}

  Exposition(Labels labels) {
    this.labels = labels;
  }

  /** Adds what the data plane of a container has counted. */
  void add(ContainerCounters counters) {
    String own = labels.of("__stmgr__", counters.stmgrId(), "");
    counter("server/time_spent_back_pressure_initiated", own, counters.backPressureMillis());
    counter("bytes_sent", own, counters.bytesSent());
    counter("bytes_received", own, counters.bytesReceived());
    counters
        .droppedTuples()
        .forEach((reason, count) -> counter("dropped_tuples/" + reason, own, count));
    for (InstanceCounters instance : counters.instances()) {
      add(instance);
    }
  }

  private void add(InstanceCounters instance) {
    String own =
        labels.of(
            instance.component(), instance.instanceId(), instance.kind().toLowerCase(Locale.ROOT));
    counter("exception_count", own, instance.exceptionCount());
    for (Figure figure : Figure.of(instance)) {
      add(figure.name(), own, figure.value(), figure.grows());
    }
  }

  /** User code may register anything; what holds numbers is told, the rest has no form here. */
  private void add(String name, String own, Object value, boolean grows) {
    if (value instanceof Map<?, ?> several) {
      several.forEach((key, each) -> add(name + "/" + key, own, each, grows));
    } else if (value instanceof Number number) {
      sample(grows ? "counter" : "gauge", name, own, number);
    }
  }

  void counter(String name, String own, long value) {
    sample("counter", name, own, value);
  }

  void gauge(String name, String own, Number value) {
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
