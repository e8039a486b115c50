package org.apache.heron.executor.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.UserMetric;

/** What {@code /counters} answers. The same form in every container. */
final class CountersPage {
  private CountersPage() {}

  /** A container without a data plane has no instances. */
  static Map<String, Object> of(ShellConfig config, ContainerShell.Control control) {
    return of(control.counters().orElseGet(() -> nothing(config)));
  }

  private static ContainerCounters nothing(ShellConfig config) {
    return new ContainerCounters(
        config.container(),
        config.container() == 0 ? "" : "stmgr-" + config.container(),
        config.secret(),
        "WAITING",
        0,
        false,
        List.of(),
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        List.of());
  }

  private static Map<String, Object> of(ContainerCounters counters) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("containerId", counters.containerId());
    page.put("stmgrId", counters.stmgrId());
    page.put("topologyId", counters.topologyId());
    page.put("state", counters.state());
    page.put("uptimeMillis", counters.uptimeMillis());
    page.put("clamped", counters.clamped());
    page.put("backPressureBy", counters.backPressureBy());
    page.put("backPressureMillis", counters.backPressureMillis());
    page.put("peers", counters.peers());
    page.put("droppedTuples", counters.droppedTuples());
    page.put("bytesSent", counters.bytesSent());
    page.put("bytesReceived", counters.bytesReceived());
    page.put("instances", counters.instances().stream().map(CountersPage::of).toList());
    return page;
  }

  private static Map<String, Object> of(InstanceCounters instance) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("instanceId", instance.instanceId());
    page.put("component", instance.component());
    page.put("taskId", instance.taskId());
    page.put("componentIndex", instance.componentIndex());
    page.put("kind", instance.kind());
    page.put("state", instance.state());
    page.put("starts", instance.starts());
    page.put("emitted", instance.emitted());
    page.put("executed", instance.executed());
    page.put("acked", instance.acked());
    page.put("failed", instance.failed());
    page.put("timedOut", instance.timedOut());
    page.put("pending", instance.pending());
    page.put("executeMillis", instance.executeMillis());
    page.put("processMillis", instance.processMillis());
    page.put("completeMillis", instance.completeMillis());
    page.put("queued", instance.queued());
    page.put("backPressureMillis", instance.backPressureMillis());
    page.put("blockedMillis", instance.blockedMillis());
    page.put("exceptionCount", instance.exceptionCount());
    page.put("exceptions", instance.exceptions());
    page.put("userMetrics", userMetrics(instance));
    return page;
  }

  /** Counts since the container started, as all counts here; of the rest the last sample. */
  private static Map<String, Object> userMetrics(InstanceCounters instance) {
    Map<String, Object> values = new TreeMap<>();
    for (UserMetric metric : instance.userMetrics().values()) {
      values.putAll(metric.counts() ? metric.totals() : metric.last());
    }
    return values;
  }
}
