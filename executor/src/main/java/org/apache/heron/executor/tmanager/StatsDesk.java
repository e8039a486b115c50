package org.apache.heron.executor.tmanager;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogRequest;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogResponse;
import org.apache.heron.proto.tmanager.TopologyManager.MetricInterval;
import org.apache.heron.proto.tmanager.TopologyManager.MetricRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricResponse;
import org.apache.heron.proto.tmanager.TopologyManager.MetricResponse.IndividualMetric;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;

/** Keeps what containers report of their instances, and answers questions about it. Thread-safe. */
final class StatsDesk {
  private static final int MAX_CELLS = 1_000_000;

  private final MetricsHistory history;
  private final Deque<TmanagerExceptionLog> exceptions = new ArrayDeque<>();
  private final int maxExceptions;
  private final Clock clock;

  StatsDesk(int historyMinutes, int maxExceptions, Clock clock) {
    this.history = new MetricsHistory(historyMinutes, MAX_CELLS);
    this.maxExceptions = maxExceptions;
    this.clock = clock;
  }

  synchronized void publish(PublishMetrics metrics) {
    Instant now = clock.instant();
    metrics.getMetricsList().forEach(datum -> history.add(datum, now));
    for (TmanagerExceptionLog exception : metrics.getExceptionsList()) {
      exceptions.addLast(exception.toBuilder().setFirsttime(firstTime(exception)).build());
      if (exceptions.size() > maxExceptions) {
        exceptions.removeFirst();
      }
    }
  }

  /** Takes out what is known of it: a container that has started anew tells only what it saw. */
  private String firstTime(TmanagerExceptionLog exception) {
    String first = exception.getFirsttime();
    for (Iterator<TmanagerExceptionLog> all = exceptions.iterator(); all.hasNext(); ) {
      TmanagerExceptionLog known = all.next();
      if (known.getInstanceId().equals(exception.getInstanceId())
          && known.getStacktrace().equals(exception.getStacktrace())) {
        first = earlier(known.getFirsttime(), first);
        all.remove();
      }
    }
    return first;
  }

  /** The earlier of two times; that which came first if one of them is no time. */
  private static String earlier(String known, String other) {
    try {
      return Instant.parse(other).isBefore(Instant.parse(known)) ? other : known;
    } catch (DateTimeParseException e) {
      return known;
    }
  }

  synchronized MetricResponse metrics(MetricRequest request) {
    String component = request.getComponentName();
    MetricResponse.Builder response = MetricResponse.newBuilder();
    if (!history.knows(component)) {
      return response.setStatus(notOk("Unknown component: " + component)).build();
    }
    Instant now = clock.instant();
    Instant from =
        request.hasInterval() && request.getInterval() > 0
            ? now.minusSeconds(request.getInterval())
            : Instant.EPOCH;
    Instant to = now;
    if (request.hasExplicitInterval()) {
      from = Instant.ofEpochSecond(request.getExplicitInterval().getStart());
      to = Instant.ofEpochSecond(request.getExplicitInterval().getEnd());
    }
    Collection<String> instances =
        request.getInstanceIdCount() == 0
            ? history.instancesOf(component)
            : request.getInstanceIdList();
    response.setStatus(ok()).setInterval(request.getInterval());
    for (String instance : instances) {
      MetricResponse.TaskMetric.Builder task =
          MetricResponse.TaskMetric.newBuilder().setInstanceId(instance);
      for (String metric : request.getMetricList()) {
        metric(instance, metric, from, to, request.getMinutely()).ifPresent(task::addMetric);
      }
      response.addMetric(task);
    }
    return response.build();
  }

  /** Empty if there is no value of it, as upstream leaves out what it does not know. */
  private Optional<IndividualMetric> metric(
      String instance, String name, Instant from, Instant to, boolean minutely) {
    MetricRule rule = MetricRule.of(name);
    IndividualMetric.Builder metric = IndividualMetric.newBuilder().setName(name);
    NavigableMap<Long, MetricsHistory.Cell> cells = history.byMinute(instance, name, from, to);
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    if (!minutely) {
      return Optional.of(metric.setValue(MetricsHistory.total(cells.values()).value(rule)).build());
    }
    cells.forEach(
        (second, cell) ->
            metric.addIntervalValues(
                IndividualMetric.IntervalValue.newBuilder()
                    .setValue(cell.value(rule))
                    .setInterval(
                        MetricInterval.newBuilder().setStart(second).setEnd(second + 60))));
    return Optional.of(metric.build());
  }

  synchronized ExceptionLogResponse exceptions(ExceptionLogRequest request) {
    return ExceptionLogResponse.newBuilder()
        .setStatus(ok())
        .addAllExceptions(matching(request))
        .build();
  }

  /** One entry for each first line of a stack trace, with the times and counts of all of them. */
  synchronized ExceptionLogResponse exceptionSummary(ExceptionLogRequest request) {
    Map<String, TmanagerExceptionLog> summary = new LinkedHashMap<>();
    for (TmanagerExceptionLog exception : matching(request)) {
      String headline = exception.getStacktrace().lines().findFirst().orElse("");
      summary.merge(
          headline,
          exception.toBuilder().setStacktrace(headline).build(),
          (one, other) ->
              other.toBuilder()
                  .setFirsttime(earlier(one.getFirsttime(), other.getFirsttime()))
                  .setCount(one.getCount() + other.getCount())
                  .build());
    }
    return ExceptionLogResponse.newBuilder()
        .setStatus(ok())
        .addAllExceptions(summary.values())
        .build();
  }

  private List<TmanagerExceptionLog> matching(ExceptionLogRequest request) {
    return exceptions.stream()
        .filter(
            exception ->
                exception.getComponentName().equals(request.getComponentName())
                    && (request.getInstancesCount() == 0
                        || request.getInstancesList().contains(exception.getInstanceId())))
        .toList();
  }

  private static Status ok() {
    return Status.newBuilder().setStatus(StatusCode.OK).setMessage("").build();
  }

  private static Status notOk(String message) {
    return Status.newBuilder().setStatus(StatusCode.NOTOK).setMessage(message).build();
  }
}
