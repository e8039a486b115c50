package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.status.StatusLog;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent that starts on the work directory of one that died finds there. Blocks while it
 * reads and while it ends what must not go on.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  /**
   * A task that the earlier agent had not finished with.
   *
   * @param run with its statuses, its health, and its container if one was begun
   * @param log of its statuses
   * @param contents what the log holds
   * @param killDeadline by when it must have ended, if it was asked to
   */
  record Survivor(
      TaskRun run, StatusLog log, StatusLog.Contents contents, Optional<Instant> killDeadline) {}

  /**
   * Those that go on, oldest first. Tasks of frameworks that do not checkpoint have no business to
   * be there: Mesos' executors end themselves when their agent dies; those here cannot see that,
   * and are ended now.
   *
   * @throws IOException if the records cannot be listed; what is wrong with one of them is logged
   */
  static List<Survivor> survivors(WorkDirectory work, AgentID agent) throws IOException {
    List<Survivor> survivors = new ArrayList<>();
    List<WorkDirectory.Run> mortal = new ArrayList<>();
    for (WorkDirectory.Unfinished each : work.unfinished(agent)) {
      if (each.framework().getCheckpoint()) {
        survivors.add(survivor(new TaskRun(agent, each.framework(), each.task(), each.run())));
      } else {
        mortal.add(each.run());
      }
    }
    Container.destroyAll(
        mortal.stream()
            .flatMap(run -> Container.recover(run.records(), run.sandbox()).stream())
            .toList(),
        Duration.ZERO);
    for (WorkDirectory.Run run : mortal) {
      run.complete();
    }
    return survivors;
  }

  private static Survivor survivor(TaskRun run) {
    StatusLog log = new StatusLog(run.run.statusLog());
    StatusLog.Contents contents = new StatusLog.Contents(List.of(), List.of());
    Optional<Instant> killDeadline = Optional.empty();
    try {
      contents = log.read();
      killDeadline = run.run.killDeadline();
    } catch (IOException e) {
      LOG.error("{} goes on without what its records say", run.key, e);
    }
    contents.all().forEach(run::remember);
    contents.all().stream()
        .filter(TaskStatus::hasHealthy)
        .reduce((earlier, later) -> later)
        .ifPresent(status -> run.healthy = Optional.of(status.getHealthy()));
    run.container = Container.recover(run.run.records(), run.run.sandbox());
    return new Survivor(run, log, contents, killDeadline);
  }
}
