package org.apache.heron.scheduler.mesos;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.master.Protos.Response;

/** Whether a topology's framework lives, from what the master knows. Pure. */
final class FrameworkLife {
  private FrameworkLife() {}

  /**
   * Agents that the master misses. Whatever ran there runs on, and the master hears of it only when
   * they are back.
   *
   * @param recovered known from before the master was elected, and not back since
   * @param unreachable out of reach
   */
  record Absentees(int recovered, int unreachable) {
    static Absentees of(Response.GetAgents agents, Response.GetMetrics metrics) {
      double unreachable =
          metrics.getMetricsList().stream()
              .filter(metric -> metric.getName().equals("master/slaves_unreachable"))
              .mapToDouble(metric -> metric.getValue())
              .findFirst()
              .orElse(0);
      return new Absentees(agents.getRecoveredAgentsCount(), (int) unreachable);
    }

    int count() {
      return recovered + unreachable;
    }
  }

  /**
   * Judges it.
   *
   * @param recorded the framework's id on record; absent if Mesos has never given one
   */
  static Life judge(
      String topology,
      Optional<String> recorded,
      Response.GetFrameworks frameworks,
      Response.GetTasks known,
      Absentees absentees) {
    for (Response.GetFrameworks.Framework framework : frameworks.getFrameworksList()) {
      if (isOf(topology, recorded, framework.getFrameworkInfo())) {
        String id = framework.getFrameworkInfo().getId().getValue();
        return Life.running(
            "the master knows framework " + id + ", with " + count(known, id) + " tasks");
      }
    }
    if (recorded.isEmpty()) {
      return Life.gone("Mesos has never given it a framework that is on record");
    }
    long tasks = count(known, recorded.get());
    if (tasks > 0) {
      return Life.running("the master knows " + tasks + " tasks of framework " + recorded.get());
    }
    boolean completed =
        frameworks.getCompletedFrameworksList().stream()
            .anyMatch(f -> f.getFrameworkInfo().getId().getValue().equals(recorded.get()));
    if (completed) {
      return Life.gone("the master has removed framework " + recorded.get());
    }
    return absentees.count() > 0
        ? Life.unknown(
            "the master does not know framework "
                + recorded.get()
                + ", but misses "
                + absentees.count()
                + " agents, where its tasks may run")
        : Life.gone("the master knows no framework " + recorded.get());
  }

  /** By name too: another's framework of that name is better kept than ours removed. */
  private static boolean isOf(String topology, Optional<String> recorded, FrameworkInfo framework) {
    return recorded.filter(framework.getId().getValue()::equals).isPresent()
        || framework.getName().equals("heron_scheduler_" + topology);
  }

  private static long count(Response.GetTasks known, String framework) {
    return Stream.concat(known.getTasksList().stream(), known.getUnreachableTasksList().stream())
        .filter(task -> task.getFrameworkId().getValue().equals(framework))
        .count();
  }
}
