package org.apache.heron.minicluster.agent;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * The agent at one moment, for its pages. Immutable.
 *
 * @param info with id once it is registered
 * @param tasks those that run or whose last status is on its way
 * @param completed those that are done and whose sandboxes are kept, oldest first
 * @param ended how many tasks ended in each state since the agent started
 */
record AgentView(
    AgentInfo info,
    Instant started,
    List<Task> tasks,
    List<Task> completed,
    Map<TaskState, Long> ended) {
  AgentView {
    ended = Map.copyOf(ended);
    tasks = List.copyOf(tasks);
    completed = List.copyOf(completed);
  }

  /** One task. */
  record Task(
      FrameworkInfo framework,
      TaskInfo task,
      String containerId,
      String directory,
      TaskState state,
      List<TaskStatus> statuses,
      Optional<Container> container) {
    Task {
      statuses = List.copyOf(statuses);
    }
  }

  /** Looks; on the loop's thread. */
  static AgentView of(AgentCore core, MasterConnection master) {
    return new AgentView(
        master.info(core.id()),
        core.started,
        core.runs.values().stream().map(AgentView::task).toList(),
        core.completed.stream().map(AgentView::task).toList(),
        core.endings());
  }

  private static Task task(TaskRun run) {
    return new Task(
        run.framework,
        run.task,
        run.run.container(),
        run.run.sandbox().toString(),
        run.state(),
        run.statuses,
        run.container);
  }
}
