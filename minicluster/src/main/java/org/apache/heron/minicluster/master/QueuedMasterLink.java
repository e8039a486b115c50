package org.apache.heron.minicluster.master;

import java.util.List;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Hands what agents say to the master's thread. */
final class QueuedMasterLink implements MasterLink {
  private final MasterLoop loop;
  private final AgentLife agents;

  QueuedMasterLink(MasterLoop loop, AgentLife agents) {
    this.loop = loop;
    this.agents = agents;
  }

  @Override
  public void register(
      AgentInfo agent,
      List<Resource> total,
      AgentLink link,
      List<FrameworkInfo> frameworks,
      List<RunningTask> tasks) {
    Resources has = Resources.of(total);
    List<FrameworkInfo> hosted = List.copyOf(frameworks);
    List<RunningTask> running = List.copyOf(tasks);
    loop.execute(() -> agents.register(agent, has, link, hosted, running));
  }

  @Override
  public void ping(AgentID agent) {
    loop.execute(() -> agents.ping(agent));
  }

  @Override
  public void statusUpdate(
      AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest) {
    loop.execute(() -> agents.statusUpdate(agent, framework, status, latest));
  }

  /**
   * The master does not know command executors, so that it has nothing to say of their end
   * (executor-dies.jsonl shows no FAILURE); the task's own status tells.
   */
  @Override
  public void executorExited(
      AgentID agent, FrameworkID framework, ExecutorID executor, int waitStatus) {}

  @Override
  public void unregister(AgentID agent) {
    loop.execute(() -> agents.unregister(agent));
  }

  @Override
  public void disconnected(AgentID agent) {
    loop.execute(() -> agents.disconnected(agent));
  }
}
