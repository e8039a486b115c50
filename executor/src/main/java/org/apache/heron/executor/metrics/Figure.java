package org.apache.heron.executor.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.executor.plane.InstanceCounters;

/**
 * One figure of an instance under upstream's name; immutable.
 *
 * @param name with upstream's underscores, for example {@code __emit-count/default}
 * @param value a number, or whatever user code has registered
 * @param grows true if it only grows as long as the instance is here
 */
public record Figure(String name, Object value, boolean grows) {
  private static final String STREAM = "default";

  /** All that is known of an instance. Latencies are in milliseconds. */
  public static List<Figure> of(InstanceCounters instance) {
    List<Figure> figures = new ArrayList<>();
    instance.emitted().forEach((to, count) -> grows(figures, "__emit-count/" + to, count));
    instance.executed().forEach((from, count) -> grows(figures, "__execute-count/" + from, count));
    grows(figures, "__ack-count/" + STREAM, instance.acked());
    grows(figures, "__fail-count/" + STREAM, instance.failed());
    grows(figures, "__time_spent_back_pressure_by_compid", instance.backPressureMillis());
    if (instance.kind().equals("SPOUT")) {
      grows(figures, "__timeout-count/" + STREAM, instance.timedOut());
      is(figures, "__next-tuple-latency", instance.executeMillis());
      is(figures, "__complete-latency/" + STREAM, instance.completeMillis());
    } else {
      is(figures, "__execute-latency/" + STREAM, instance.executeMillis());
      is(figures, "__process-latency/" + STREAM, instance.processMillis());
    }
    for (Map.Entry<String, Object> metric : instance.userMetrics().entrySet()) {
      is(figures, metric.getKey(), metric.getValue());
    }
    return figures;
  }

  private static void grows(List<Figure> figures, String name, long count) {
    figures.add(new Figure(name, count, true));
  }

  private static void is(List<Figure> figures, String name, Object value) {
    figures.add(new Figure(name, value, false));
  }
}
