package org.apache.heron.executor.metrics;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.UserMetric;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;

/**
 * Turns counters, which only grow, into what upstream publishes: the growth since the last report,
 * and means of what has come since, under upstream's metric names. Not thread-safe.
 */
public final class MetricsReport {
  private final String hostname;
  private final Predicate<String> wanted;
  private final Supplier<List<Figure>> process;
  private final Growth growth = new Growth();
  private Map<String, Long> told = Map.of();
  private Map<String, Long> telling = new HashMap<>();

  /**
   * Of a container on that host, whose process is this one.
   *
   * @param wanted which of the engine's own metrics, by name; those of user code all are
   */
  public MetricsReport(String hostname, Predicate<String> wanted) {
    this(hostname, wanted, new JvmFigures()::read);
  }

  MetricsReport(String hostname, Predicate<String> wanted, Supplier<List<Figure>> process) {
    this.hostname = hostname;
    this.wanted = wanted;
    this.process = process;
  }

  /** Of whom something is told, and when. */
  private record Subject(
      PublishMetrics.Builder report, String component, String instance, Instant now) {
    void tell(String name, String value) {
      report.addMetrics(
          MetricDatum.newBuilder()
              .setComponentName(component)
              .setInstanceId(instance)
              .setName(name)
              .setValue(value)
              .setTimestamp(now.getEpochSecond()));
    }

    String key(String name) {
      return instance + " " + name;
    }
  }

  /** What has happened since the last call. */
  public PublishMetrics next(ContainerCounters counters, Instant now) {
    PublishMetrics.Builder report = PublishMetrics.newBuilder();
    List<Figure> ofProcess = process.get();
    Subject stmgr = new Subject(report, Figure.STREAM_MANAGER, counters.stmgrId(), now);
    Figure.of(counters).forEach(figure -> tell(stmgr, figure));
    for (InstanceCounters instance : counters.instances()) {
      Subject subject = new Subject(report, instance.component(), instance.instanceId(), now);
      Figure.of(instance).forEach(figure -> tell(subject, figure));
      ofProcess.forEach(figure -> tell(subject, figure));
      instance.userMetrics().forEach((name, metric) -> tell(subject, name, metric));
      addExceptions(subject, instance);
    }
    // What was not counted this time is forgotten: instances that have left, exceptions of old.
    growth.settle();
    told = telling;
    telling = new HashMap<>();
    return report.build();
  }

  private void tell(Subject subject, Figure figure) {
    String name = figure.name();
    if (!wanted.test(name)) {
      return;
    }
    if (figure instanceof Figure.Total total) {
      subject.tell(name, Long.toString(growth.of(subject.key(name), total.value())));
    } else if (figure instanceof Figure.Mean mean) {
      OptionalDouble recent = growth.mean(subject.key(name), mean.nanos(), mean.count());
      recent.ifPresent(nanos -> subject.tell(name, Double.toString(nanos)));
    } else if (figure instanceof Figure.Reading reading) {
      subject.tell(name, reading.value().toString());
    }
  }

  /** Each sample once: upstream sends one whenever a metric's bucket ends. */
  private void tell(Subject subject, String name, UserMetric metric) {
    String key = subject.key("user " + name);
    Map<String, Long> more = new HashMap<>();
    metric
        .totals()
        .forEach((each, total) -> more.put(each, growth.of(subject.key("user " + each), total)));
    long fresh = since(key, metric.taken());
    if (fresh == 0) {
      return;
    }
    if (metric.counts()) {
      metric.totals().keySet().stream()
          .sorted()
          .forEach(each -> subject.tell(each, Long.toString(more.get(each))));
      return;
    }
    int kept = metric.samples().size();
    metric
        .samples()
        .subList(kept - (int) Math.min(kept, fresh), kept)
        .forEach(
            sample -> sample.forEach((each, value) -> subject.tell(each, String.valueOf(value))));
  }

  /** By how much this is more than it was; all of it if it has begun anew. */
  private long since(String key, long count) {
    telling.put(key, count);
    long before = told.getOrDefault(key, 0L);
    return count < before ? count : count - before;
  }

  private void addExceptions(Subject subject, InstanceCounters instance) {
    for (InstanceCounters.ExceptionReport exception : instance.exceptions()) {
      String key = subject.key("exception " + exception.stackTrace().hashCode());
      if (since(key, exception.count()) == 0) {
        continue;
      }
      subject
          .report()
          .addExceptions(
              TmanagerExceptionLog.newBuilder()
                  .setComponentName(instance.component())
                  .setHostname(hostname)
                  .setInstanceId(instance.instanceId())
                  .setStacktrace(exception.stackTrace())
                  .setLasttime(Instant.ofEpochMilli(exception.lastEpochMillis()).toString())
                  .setFirsttime(Instant.ofEpochMilli(exception.firstEpochMillis()).toString())
                  .setCount((int) Math.min(Integer.MAX_VALUE, exception.count())));
    }
  }
}
