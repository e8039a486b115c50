package org.apache.heron.minicluster.protocol;

import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * What an agent tells the master. Calls are queued and return at once; they keep the caller's
 * order. Thread-safe.
 */
public interface MasterLink {
  /**
   * Registers an agent, or registers it again if {@code agent} has an id. The master answers by
   * {@link AgentLink#registered} or {@link AgentLink#shutdown}.
   *
   * @param agent with resources, attributes, domain, hostname and port; without id the first time
   * @param total all that it has: what it was started with, with the reservations that were made at
   *     run time ({@link AgentLink#reserved}), and what it has to lend
   * @param frameworks those that have tasks on it
   * @param tasks those that it still knows
   */
  void register(
      AgentInfo agent,
      List<Resource> total,
      AgentLink link,
      List<FrameworkInfo> frameworks,
      List<RunningTask> tasks);

  /** The agent is alive; the master takes one that is silent for its time-out as unreachable. */
  void ping(AgentID agent);

  /**
   * A status for the framework; sent again by the agent (10 s later, then 20 s, …) until
   * acknowledged.
   *
   * @param status with uuid
   * @param latest the newest state of the task, which may be later than this status'
   */
  void statusUpdate(
      AgentID agent,
      FrameworkID framework,
      TaskStatus status,
      org.apache.mesos.v1.Protos.TaskState latest);

  /** An executor's process is gone. */
  void executorExited(AgentID agent, FrameworkID framework, ExecutorID executor, int waitStatus);

  /** The agent leaves in order. */
  void unregister(AgentID agent);

  /** The agent's connection broke: it was killed, or its network cut. */
  void disconnected(AgentID agent);

  /** A task that an agent knows, with the latest status of it. */
  record RunningTask(FrameworkID framework, TaskInfo task, TaskStatus latest) {}
}
