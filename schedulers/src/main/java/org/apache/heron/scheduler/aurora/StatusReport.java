package org.apache.heron.scheduler.aurora;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.scheduler.aurora.JobStatus.Instance;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;

/** What Aurora says of a job, in Heron's words. Pure. */
final class StatusReport {
  /** The template's names of the ports, by the executor's. */
  static final Map<ExecutorPort, String> PORTS =
      Map.of(
          ExecutorPort.SERVER, "port1",
          ExecutorPort.TMANAGER_CONTROLLER, "port2",
          ExecutorPort.TMANAGER_STATS, "port3",
          ExecutorPort.SHELL, "http",
          ExecutorPort.METRICS_MANAGER, "port4",
          ExecutorPort.SCHEDULER, "scheduler",
          ExecutorPort.METRICS_CACHE_SERVER, "metricscachemgr_serverport",
          ExecutorPort.METRICS_CACHE_STATS, "metricscachemgr_statsport",
          ExecutorPort.CHECKPOINT_MANAGER, "ckptmgr_port");

  private final String topology;
  private final String topologyId;
  private final JobKey job;
  private final JobStatus status;

  StatusReport(String topology, String topologyId, JobKey job, JobStatus status) {
    this.topology = topology;
    this.topologyId = topologyId;
    this.job = job;
    this.status = status;
  }

  SchedulerStatus status() {
    List<SchedulerStatus.Container> containers =
        status.active().stream().map(this::container).toList();
    return new SchedulerStatus(
        topology,
        topologyId,
        containers.isEmpty() ? SchedulerStatus.Phase.FAILED : SchedulerStatus.Phase.RUNNING,
        "",
        "",
        containers.isEmpty() ? "Aurora runs no job " + job : Waits.of(status).orElse(""),
        containers);
  }

  private SchedulerStatus.Container container(Instance instance) {
    Map<String, Integer> ports = new TreeMap<>();
    PORTS.forEach(
        (port, name) -> {
          Integer number = instance.ports().get(name);
          if (number != null) {
            ports.put(port.portName(), number);
          }
        });
    return new SchedulerStatus.Container(
        instance.id(),
        state(instance),
        instance.taskId(),
        1 + instance.failures(),
        instance.failures(),
        "",
        instance.host(),
        instance.cpus(),
        instance.memMb(),
        instance.diskMb(),
        ports,
        Waits.reason(instance, status),
        0,
        instance.since());
  }

  /** Aurora's states in the words of every scheduler; others stay as they are. */
  private static String state(Instance instance) {
    return switch (instance.state()) {
      case "PENDING" -> "WAITING";
      case "THROTTLED" -> "BACKING_OFF";
      case "ASSIGNED" -> "STAGING";
      case "PARTITIONED" -> "UNREACHABLE";
      case "RESTARTING", "PREEMPTING", "DRAINING" -> "KILLING";
      default -> instance.state();
    };
  }

  /** What each container waits for. */
  Explanation explanation(long now) {
    SchedulerStatus said = status();
    List<Explanation.Container> containers = new ArrayList<>();
    for (SchedulerStatus.Container container : said.containers()) {
      Instance instance =
          status.active().stream().filter(i -> i.id() == container.id()).findFirst().orElseThrow();
      containers.add(explained(container, instance));
    }
    return new Explanation(
        topology,
        now,
        said.phase(),
        containers.isEmpty() ? said.problem() : "",
        new Explanation.Market("", 0, 0, 0, 0),
        containers,
        List.of());
  }

  private Explanation.Container explained(SchedulerStatus.Container container, Instance instance) {
    Optional<Instance> before = status.lastEnd(instance.id());
    return new Explanation.Container(
        container.id(),
        container.state(),
        Waits.line(instance, status),
        container.since(),
        container.attempt(),
        instance.failures(),
        0,
        before.map(end -> (end.state() + " " + end.message()).strip()).orElse(""),
        List.of(
            new Explanation.Quantity("cpus", container.cpus()),
            new Explanation.Quantity("mem", container.memMb()),
            new Explanation.Quantity("disk", container.diskMb()),
            new Explanation.Quantity("ports", ExecutorPort.values().length)),
        List.of(),
        0,
        List.of());
  }

  /** What happened to each container, as far as Aurora remembers. */
  TopologyHistory history() {
    Map<Integer, List<TopologyHistory.Happening>> happenings = new TreeMap<>();
    List<Instance> all = new ArrayList<>(status.ended());
    all.addAll(status.active());
    for (Instance instance : all) {
      List<TopologyHistory.Happening> list =
          happenings.computeIfAbsent(instance.id(), id -> new ArrayList<>());
      instance
          .events()
          .forEach(
              event ->
                  list.add(
                      new TopologyHistory.Happening(
                          event.at(),
                          event.state().toUpperCase(Locale.ROOT),
                          0,
                          event.message().strip().replaceAll("\\s+", " "))));
    }
    return new TopologyHistory(
        topology,
        "Aurora, of the job " + job,
        List.of(),
        0,
        happenings.entrySet().stream()
            .map(entry -> new TopologyHistory.Container(entry.getKey(), entry.getValue(), 0))
            .toList());
  }
}
