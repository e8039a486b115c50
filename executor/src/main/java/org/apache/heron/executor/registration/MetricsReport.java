package org.apache.heron.executor.registration;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;

/**
 * Turns counters, which only grow, into what upstream publishes: the growth since the last report,
 * under upstream's metric names. Not thread-safe.
 */
final class MetricsReport {
  private final String hostname;
  private Map<String, Long> reported = Map.of();
  private Map<String, Long> counted = new HashMap<>();

  MetricsReport(String hostname) {
    this.hostname = hostname;
  }

  /** What has happened since the last call. */
  PublishMetrics next(ContainerCounters counters, Instant now) {
    PublishMetrics.Builder report = PublishMetrics.newBuilder();
    counted = new HashMap<>();
    for (InstanceCounters instance : counters.instances()) {
      addMetrics(report, instance, now);
      addExceptions(report, instance);
    }
    // What was not counted this time is forgotten: instances that have left, exceptions of old.
    reported = counted;
    return report.build();
  }

  private void addMetrics(PublishMetrics.Builder report, InstanceCounters instance, Instant now) {
    for (Figure figure : Figure.of(instance)) {
      if (figure.grows()) {
        growth(report, instance, figure.name(), (long) figure.value(), now);
      } else {
        value(report, instance, figure.name(), String.valueOf(figure.value()), now);
      }
    }
  }

  private void growth(
      PublishMetrics.Builder report,
      InstanceCounters instance,
      String name,
      long count,
      Instant now) {
    String key = instance.instanceId() + " " + name;
    counted.put(key, count);
    long before = reported.getOrDefault(key, 0L);
    // An instance that has come again under its id counts anew.
    value(report, instance, name, Long.toString(count < before ? count : count - before), now);
  }

  private static void value(
      PublishMetrics.Builder report,
      InstanceCounters instance,
      String name,
      String value,
      Instant now) {
    report.addMetrics(
        MetricDatum.newBuilder()
            .setComponentName(instance.component())
            .setInstanceId(instance.instanceId())
            .setName(name)
            .setValue(value)
            .setTimestamp(now.getEpochSecond()));
  }

  private void addExceptions(PublishMetrics.Builder report, InstanceCounters instance) {
    for (InstanceCounters.ExceptionReport exception : instance.exceptions()) {
      String key = instance.instanceId() + " exception " + exception.stackTrace().hashCode();
      counted.put(key, exception.count());
      Long before = reported.get(key);
      if (before != null && before == exception.count()) {
        continue;
      }
      String last = Instant.ofEpochMilli(exception.lastEpochMillis()).toString();
      report.addExceptions(
          TmanagerExceptionLog.newBuilder()
              .setComponentName(instance.component())
              .setHostname(hostname)
              .setInstanceId(instance.instanceId())
              .setStacktrace(exception.stackTrace())
              .setLasttime(last)
              .setFirsttime(last)
              .setCount((int) Math.min(Integer.MAX_VALUE, exception.count())));
    }
  }
}
