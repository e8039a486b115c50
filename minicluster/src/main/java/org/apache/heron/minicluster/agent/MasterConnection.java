package org.apache.heron.minicluster.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * The agent's side of the line to its master. For the loop's thread, but for the pause of pings.
 */
final class MasterConnection {
  private final AgentSettings settings;
  private final Loop loop;
  private final int port;
  private MasterLink link;
  private Loop.Timer nextPing = () -> {};
  private volatile boolean silent;

  MasterConnection(AgentSettings settings, Loop loop, int port, MasterLink link) {
    this.settings = settings;
    this.loop = loop;
    this.port = port;
    this.link = link;
  }

  MasterLink link() {
    return link;
  }

  /** There is another master now. */
  void change(MasterLink newLink) {
    stopPings();
    link = newLink;
  }

  void register(Optional<AgentID> id, Resources total, AgentLink agent, List<TaskRun> runs) {
    stopPings();
    Map<FrameworkID, FrameworkInfo> frameworks = new LinkedHashMap<>();
    runs.forEach(run -> frameworks.put(run.framework.getId(), run.framework));
    link.register(
        info(id),
        total.list(),
        agent,
        List.copyOf(frameworks.values()),
        runs.stream()
            .map(run -> new MasterLink.RunningTask(run.framework.getId(), run.task, latest(run)))
            .toList());
  }

  private static TaskStatus latest(TaskRun run) {
    return run.statuses.isEmpty()
        ? TaskStatus.newBuilder()
            .setTaskId(run.task.getTaskId())
            .setState(TaskState.TASK_STAGING)
            .setAgentId(run.task.getAgentId())
            .build()
        : run.statuses.get(run.statuses.size() - 1);
  }

  AgentInfo info(Optional<AgentID> id) {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname(settings.hostname())
            .setPort(port)
            .addAllResources(settings.owned())
            .addAllAttributes(settings.attributes());
    settings.domain().ifPresent(info::setDomain);
    id.ifPresent(info::setId);
    return info.build();
  }

  void startPings(AgentID agent) {
    stopPings();
    if (!silent) {
      link.ping(agent);
    }
    nextPing = loop.after(settings.pingInterval(), () -> startPings(agent));
  }

  void stopPings() {
    nextPing.cancel();
  }

  /** Keeps pings back, as a network does that loses them, or lets them pass again. */
  void silence(boolean newSilent) {
    silent = newSilent;
  }
}
