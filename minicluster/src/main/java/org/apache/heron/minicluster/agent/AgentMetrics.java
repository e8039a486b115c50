package org.apache.heron.minicluster.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;

/** {@code /metrics/snapshot} under the names that Mesos' agent has. */
final class AgentMetrics {
  private AgentMetrics() {}

  static ObjectNode snapshot(AgentView view) {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("slave/registered", view.info().hasId() ? 1.0 : 0.0);
    metrics.put(
        "slave/uptime_secs", Duration.between(view.started(), Instant.now()).toMillis() / 1000.0);
    for (TaskState state : TaskState.values()) {
      String name = state.name().toLowerCase(Locale.ROOT).replace("task_", "");
      double live =
          view.tasks().stream()
              .filter(AgentJson::isLive)
              .filter(task -> task.state() == state)
              .count();
      metrics.put("slave/tasks_" + name, live + view.ended().getOrDefault(state, 0L));
    }
    List<AgentView.Task> live = view.tasks().stream().filter(AgentJson::isLive).toList();
    metrics.put("slave/executors_running", (double) live.size());
    metrics.put(
        "slave/frameworks_active",
        (double) live.stream().map(task -> task.framework().getId()).distinct().count());
    List<Resource> used = new ArrayList<>();
    live.forEach(task -> used.addAll(AgentJson.withExecutor(task)));
    Resources total = Resources.of(view.info().getResourcesList());
    for (String name : List.of("cpus", "mem", "disk", "gpus")) {
      double all = total.scalar(name);
      double taken = Resources.of(used).scalar(name);
      metrics.put("slave/" + name + "_total", all);
      metrics.put("slave/" + name + "_used", taken);
      metrics.put("slave/" + name + "_percent", all > 0 ? taken / all : 0.0);
    }
    metrics.put("system/cpus_total", (double) Runtime.getRuntime().availableProcessors());
    metrics.put(
        "system/load_1min",
        Math.max(0, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    ObjectNode page = MesosJson.object();
    metrics.forEach((name, value) -> page.set(name, MesosJson.number(value)));
    return page;
  }
}
