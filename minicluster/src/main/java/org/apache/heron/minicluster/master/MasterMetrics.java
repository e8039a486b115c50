package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What {@code /metrics/snapshot} shows, under Mesos' own names. It only reads. */
final class MasterMetrics {
  private final ClusterState state;
  private final Offers offers;
  private final CallCounts counts;
  private final Instant started;

  MasterMetrics(ClusterState state, Offers offers, CallCounts counts, Instant started) {
    this.state = state;
    this.offers = offers;
    this.counts = counts;
    this.started = started;
  }

  Map<String, Double> snapshot() {
    Map<String, Double> all = new TreeMap<>();
    Resources total = Resources.NONE;
    Resources used = Resources.NONE;
    for (Agent agent : state.agents.values()) {
      total = total.plus(agent.total());
      used = used.plus(state.used(agent.id()));
    }
    for (String name : new String[] {"cpus", "mem", "disk", "gpus"}) {
      double most = total.scalar(name);
      double taken = used.scalar(name);
      all.put("master/" + name + "_total", most);
      all.put("master/" + name + "_used", taken);
      all.put("master/" + name + "_percent", most == 0 ? 0 : taken / most);
      all.put("allocator/mesos/resources/" + name + "/total", most);
    }
    all.put("master/elected", 1.0);
    all.put("master/uptime_secs", Duration.between(started, state.now()).toMillis() / 1000.0);
    all.put("allocator/mesos/allocation_runs", (double) offers.rounds());
    all.put("master/outstanding_offers", (double) state.offers.size());
    agents(all);
    frameworks(all);
    tasks(all);
    for (Call.Type type : Call.Type.values()) {
      if (type != Call.Type.UNKNOWN) {
        all.put(
            "master/messages_" + type.name().toLowerCase(Locale.ROOT), (double) counts.of(type));
      }
    }
    Allocator.shares(state, offers.filters(), offers.fairness())
        .forEach(
            (role, share) -> all.put("allocator/mesos/roles/" + role + "/shares/dominant", share));
    return all;
  }

  private void agents(Map<String, Double> all) {
    all.put(
        "master/slaves_connected",
        count(state.agents.values().stream().filter(Agent::isConnected)));
    all.put(
        "master/slaves_disconnected",
        count(state.agents.values().stream().filter(agent -> !agent.isConnected())));
    all.put("master/slaves_active", count(state.agents.values().stream().filter(Agent::isActive)));
    all.put(
        "master/slaves_inactive",
        count(state.agents.values().stream().filter(agent -> !agent.isActive())));
    all.put("master/slaves_unreachable", (double) state.unreachableAgents.size());
  }

  private void frameworks(Map<String, Double> all) {
    double connected = count(state.frameworks.values().stream().filter(Framework::isConnected));
    double away = state.frameworks.size() - connected;
    all.put("master/frameworks_connected", connected);
    all.put("master/frameworks_active", connected);
    all.put("master/frameworks_disconnected", away);
    all.put("master/frameworks_inactive", away);
  }

  private void tasks(Map<String, Double> all) {
    for (TaskState each : TaskState.values()) {
      all.put(key(each), 0.0);
    }
    for (Framework framework : state.frameworks.values()) {
      framework.tasks().values().forEach(task -> all.merge(key(task.state()), 1.0, Double::sum));
      framework.completedTasks().forEach(task -> all.merge(key(task.state()), 1.0, Double::sum));
      all.merge(
          key(TaskState.TASK_UNREACHABLE),
          (double) framework.unreachableTasks().size(),
          Double::sum);
    }
    for (Framework framework : state.completedFrameworks) {
      framework.completedTasks().forEach(task -> all.merge(key(task.state()), 1.0, Double::sum));
    }
  }

  private static String key(TaskState state) {
    return "master/tasks_" + state.name().substring("TASK_".length()).toLowerCase(Locale.ROOT);
  }

  private static double count(java.util.stream.Stream<?> stream) {
    return stream.count();
  }
}
