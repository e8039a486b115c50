package org.apache.heron.framework.metrics;

import com.codahale.metrics.Counting;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A registry as Prometheus' text format 0.0.4. A metric belongs to the {@link Family} that its name
 * begins with, labels in braces behind; the driver's {@code mesos.calls.TYPE} and {@code
 * mesos.events.TYPE} are known too, others are left out.
 */
final class Exposition {
  private static final String CALLS = "mesos.calls.";
  private static final String EVENTS = "mesos.events.";
  private static final double NANOS = 1e9;
  private static final double[] QUANTILES = {0.5, 0.9, 0.99};

  private Exposition() {}

  /** The text; every family is in it, also those that have no figure yet. */
  static String of(MetricRegistry registry) {
    Map<Family, Map<String, Metric>> families = new EnumMap<>(Family.class);
    registry.getMetrics().forEach((name, metric) -> sort(families, name, metric));
    StringBuilder text = new StringBuilder();
    for (Family family : Family.values()) {
      text.append("# HELP ").append(family.text()).append(' ').append(family.help()).append('\n');
      text.append("# TYPE ").append(family.text()).append(' ');
      text.append(family.type().name().toLowerCase(Locale.ROOT)).append('\n');
      families
          .getOrDefault(family, Map.of())
          .forEach((labels, metric) -> samples(text, family, labels, metric));
    }
    return text.toString();
  }

  private static void sort(
      Map<Family, Map<String, Metric>> families, String registered, Metric metric) {
    String name = registered;
    if (registered.startsWith(CALLS)) {
      name = Family.CALL_SECONDS.with(lowerCase(registered.substring(CALLS.length())));
    } else if (registered.startsWith(EVENTS)) {
      name = Family.EVENTS.with(lowerCase(registered.substring(EVENTS.length())));
    }
    int brace = name.indexOf('{');
    String labels = brace < 0 ? "" : name.substring(brace + 1, name.length() - 1);
    Family.of(brace < 0 ? name : name.substring(0, brace))
        .ifPresent(
            family ->
                families.computeIfAbsent(family, each -> new TreeMap<>()).put(labels, metric));
  }

  private static String lowerCase(String type) {
    return type.toLowerCase(Locale.ROOT);
  }

  private static void samples(StringBuilder text, Family family, String labels, Metric metric) {
    String name = family.text();
    if (metric instanceof Figures.SummedTimer timer) {
      summary(text, name, labels, timer.getSnapshot(), NANOS);
      sample(text, name + "_sum", labels, timer.sumSeconds());
      sample(text, name + "_count", labels, timer.getCount());
    } else if (metric instanceof Figures.SummedHistogram histogram) {
      summary(text, name, labels, histogram.getSnapshot(), 1);
      sample(text, name + "_sum", labels, histogram.sum());
      sample(text, name + "_count", labels, histogram.getCount());
    } else if (metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number) {
      sample(text, name, labels, number.doubleValue());
    } else if (metric instanceof Counting counting) {
      sample(text, name, labels, counting.getCount());
    }
  }

  private static void summary(
      StringBuilder text, String name, String labels, Snapshot snapshot, double unit) {
    for (double quantile : QUANTILES) {
      String all = (labels.isEmpty() ? "" : labels + ",") + "quantile=\"" + quantile + "\"";
      // An empty reservoir says 0, which nothing has ever taken.
      double value = snapshot.size() == 0 ? Double.NaN : snapshot.getValue(quantile) / unit;
      sample(text, name, all, value);
    }
  }

  private static void sample(StringBuilder text, String name, String labels, long value) {
    sample(text, name, labels, Long.toString(value));
  }

  private static void sample(StringBuilder text, String name, String labels, double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    sample(text, name, labels, whole ? Long.toString((long) value) : Double.toString(value));
  }

  private static void sample(StringBuilder text, String name, String labels, String value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }
}
