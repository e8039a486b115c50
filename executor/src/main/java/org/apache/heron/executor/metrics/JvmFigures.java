package org.apache.heron.executor.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Figures of this process under the names that upstream gives to those of an instance's, as far as
 * its metrics_sinks.yaml sends them to the topology manager. Thread-safe.
 */
public final class JvmFigures {
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private long sinceNanos =
      System.nanoTime()
          - TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getRuntimeMXBean().getUptime());
  private long cpuNanos;
  private double load;

  /** How it is now. */
  public List<Figure> read() {
    Runtime runtime = Runtime.getRuntime();
    long total = runtime.totalMemory();
    long collecting = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collecting += Math.max(0, collector.getCollectionTime()); // -1: it is not known
    }
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure.Reading(
            "__jvm-uptime-secs", ManagementFactory.getRuntimeMXBean().getUptime() / 1000));
    figures.add(new Figure.Reading("__jvm-process-cpu-load", cpuLoad()));
    figures.add(new Figure.Reading("__jvm-memory-used-mb", (total - runtime.freeMemory()) >> 20));
    figures.add(new Figure.Reading("__jvm-memory-mb-total", total >> 20));
    figures.add(new Figure.Reading("__jvm-gc-collection-time-ms", collecting));
    return figures;
  }

  /** Cores in use on average since the last look, which was a second ago at least. */
  private synchronized double cpuLoad() {
    long now = System.nanoTime();
    if (now - sinceNanos >= SHORTEST_NANOS) {
      long used =
          ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(cpuNanos);
      load = Math.max(0, (double) (used - cpuNanos) / (now - sinceNanos));
      cpuNanos = used;
      sinceNanos = now;
    }
    return load;
  }
}
