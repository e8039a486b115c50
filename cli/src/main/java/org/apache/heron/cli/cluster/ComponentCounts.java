package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.cli.console.TextTable;

/**
 * Counters of a topology's components, added up over the containers' shells.
 *
 * @param byComponent by component name
 */
record ComponentCounts(Map<String, Count> byComponent) {
  /**
   * One component.
   *
   * @param kind SPOUT or BOLT
   */
  record Count(
      String kind,
      int instances,
      long emitted,
      long executed,
      long acked,
      long failed,
      double millis) {
    private Count plus(Count other) {
      return new Count(
          kind,
          instances + other.instances,
          emitted + other.emitted,
          executed + other.executed,
          acked + other.acked,
          failed + other.failed,
          Math.max(millis, other.millis));
    }

    /** What tells that the component works: a spout emits, a bolt executes. */
    long progress() {
      return kind.equals("SPOUT") ? emitted : executed;
    }
  }

  /**
   * Adds up what the shells' {@code /counters} pages say.
   *
   * @param containers one page a container
   */
  static ComponentCounts of(List<JsonNode> containers) {
    Map<String, Count> counts = new TreeMap<>();
    for (JsonNode container : containers) {
      for (JsonNode instance : container.path("instances")) {
        boolean spout = instance.path("kind").asText().equals("SPOUT");
        Count count =
            new Count(
                instance.path("kind").asText(),
                1,
                sum(instance.path("emitted")),
                sum(instance.path("executed")),
                instance.path("acked").asLong(),
                instance.path("failed").asLong(),
                instance.path(spout ? "completeMillis" : "executeMillis").asDouble());
        counts.merge(instance.path("component").asText(), count, Count::plus);
      }
    }
    return new ComponentCounts(counts);
  }

  /** The table for people; rates are since the earlier counts. */
  List<String> table(ComponentCounts earlier, double seconds) {
    TextTable table =
        new TextTable(
            "COMPONENT", "KIND", "INSTANCES", "EMITTED", "EXECUTED", "ACKED", "FAILED", "RATE");
    byComponent.forEach(
        (name, count) -> {
          Count before = earlier.byComponent().get(name);
          double rate =
              before == null || seconds <= 0 ? 0 : (count.progress() - before.progress()) / seconds;
          table.row(
              name,
              count.kind().toLowerCase(java.util.Locale.ROOT),
              count.instances(),
              number(count.emitted()),
              number(count.executed()),
              number(count.acked()),
              number(count.failed()),
              number(Math.round(Math.max(0, rate))) + "/s");
        });
    return table.lines();
  }

  private static String number(long value) {
    return String.format(java.util.Locale.ROOT, "%,d", value);
  }

  private static long sum(JsonNode byStream) {
    long sum = 0;
    for (JsonNode value : byStream) {
      sum += value.asLong();
    }
    return sum;
  }
}
