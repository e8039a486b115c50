package org.apache.heron.executor.tmanager;

/** How values of one metric become one. */
enum MetricRule {
  /** Counts. */
  SUM,
  /** Times. */
  AVG,
  /** States. */
  LAST;

  /** The rule that upstream's metrics_sinks.yaml ships for that metric. */
  static MetricRule of(String metric) {
    if (metric.startsWith("__jvm-")) {
      return LAST;
    }
    if (metric.contains("-latency")) {
      return AVG;
    }
    return metric.contains("-count") || metric.contains("time_spent_back_pressure") ? SUM : LAST;
  }
}
