package org.apache.heron.minicluster.master;

import java.util.EnumMap;
import java.util.Map;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** How many calls of each type came, for the metrics. Thread-safe. */
final class CallCounts {
  private final Map<Call.Type, Long> counts = new EnumMap<>(Call.Type.class);

  synchronized void count(Call.Type type) {
    counts.merge(type, 1L, Long::sum);
  }

  synchronized long of(Call.Type type) {
    return counts.getOrDefault(type, 0L);
  }
}
