package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Flag;
import org.apache.mesos.v1.Protos.Metric;
import org.apache.mesos.v1.Protos.Role;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.VersionInfo;
import org.apache.mesos.v1.master.Protos.Response;

/** What the operator API tells of the master's state. It only reads. */
final class OperatorView {
  /** What agents of this kind can do, in the order of the recordings. */
  static final List<AgentInfo.Capability.Type> AGENT_CAPABILITIES =
      List.of(
          AgentInfo.Capability.Type.MULTI_ROLE,
          AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
          AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
          AgentInfo.Capability.Type.RESOURCE_PROVIDER,
          AgentInfo.Capability.Type.RESIZE_VOLUME,
          AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK,
          AgentInfo.Capability.Type.AGENT_DRAINING,
          AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS);

  private final ClusterState state;
  private final Fairness fairness;
  private final MasterMetrics metrics;
  private final Build build;
  private final Map<String, String> flags;
  private final Instant started;
  private final java.util.function.Supplier<Instant> elected;

  OperatorView(
      ClusterState state,
      Fairness fairness,
      MasterMetrics metrics,
      Build build,
      Map<String, String> flags,
      Instant started,
      java.util.function.Supplier<Instant> elected) {
    this.state = state;
    this.fairness = fairness;
    this.metrics = metrics;
    this.build = build;
    this.flags = new TreeMap<>(flags);
    this.started = started;
    this.elected = elected;
  }

  Response.GetVersion.Builder version() {
    return Response.GetVersion.newBuilder()
        .setVersionInfo(
            VersionInfo.newBuilder()
                .setVersion(build.version())
                .setBuildDate(build.date())
                .setBuildTime(build.time())
                .setBuildUser(build.user())
                .setGitSha(build.gitSha()));
  }

  Response.GetFlags.Builder flags() {
    Response.GetFlags.Builder answer = Response.GetFlags.newBuilder();
    flags.forEach(
        (name, value) -> answer.addFlags(Flag.newBuilder().setName(name).setValue(value)));
    return answer;
  }

  Response.GetMetrics.Builder metrics() {
    Response.GetMetrics.Builder answer = Response.GetMetrics.newBuilder();
    metrics
        .snapshot()
        .forEach(
            (name, value) -> answer.addMetrics(Metric.newBuilder().setName(name).setValue(value)));
    return answer;
  }

  Response.GetMaster.Builder master() {
    return Response.GetMaster.newBuilder()
        .setMasterInfo(state.master)
        .setStartTime(ClusterState.seconds(started))
        .setElectedTime(ClusterState.seconds(elected.get()));
  }

  Response.GetState.Builder state() {
    return Response.GetState.newBuilder()
        .setGetTasks(tasks())
        .setGetExecutors(Response.GetExecutors.newBuilder())
        .setGetFrameworks(frameworks())
        .setGetAgents(agents());
  }

  Response.GetTasks.Builder tasks() {
    Response.GetTasks.Builder answer = Response.GetTasks.newBuilder();
    for (Framework framework : state.frameworks.values()) {
      framework.tasks().values().forEach(task -> answer.addTasks(message(task)));
      framework
          .unreachableTasks()
          .values()
          .forEach(unreachable -> answer.addUnreachableTasks(message(unreachable.task())));
      framework.completedTasks().forEach(task -> answer.addCompletedTasks(message(task)));
    }
    for (Framework framework : state.completedFrameworks) {
      framework.completedTasks().forEach(task -> answer.addCompletedTasks(message(task)));
    }
    return answer;
  }

  private static org.apache.mesos.v1.Protos.Task message(Task task) {
    org.apache.mesos.v1.Protos.Task.Builder message =
        org.apache.mesos.v1.Protos.Task.newBuilder()
            .setName(task.info().getName())
            .setTaskId(task.id())
            .setFrameworkId(task.framework())
            .setAgentId(task.agent())
            .setState(task.state())
            .addAllResources(task.resources().list())
            .addAllStatuses(task.statuses());
    task.updateState()
        .ifPresent(
            told -> message.setStatusUpdateState(told).setStatusUpdateUuid(task.updateUuid()));
    if (task.info().hasLabels()) {
      message.setLabels(task.info().getLabels());
    }
    if (task.info().hasDiscovery()) {
      message.setDiscovery(task.info().getDiscovery());
    }
    if (task.info().hasContainer()) {
      message.setContainer(task.info().getContainer());
    }
    if (task.info().hasHealthCheck()) {
      message.setHealthCheck(task.info().getHealthCheck());
    }
    if (task.info().hasKillPolicy()) {
      message.setKillPolicy(task.info().getKillPolicy());
    }
    if (task.info().getCommand().hasUser()) {
      message.setUser(task.info().getCommand().getUser());
    }
    return message.build();
  }

  Response.GetFrameworks.Builder frameworks() {
    Response.GetFrameworks.Builder answer = Response.GetFrameworks.newBuilder();
    state.frameworks.values().forEach(framework -> answer.addFrameworks(message(framework)));
    state.completedFrameworks.forEach(
        framework -> answer.addCompletedFrameworks(message(framework)));
    return answer;
  }

  private Response.GetFrameworks.Framework message(Framework framework) {
    Response.GetFrameworks.Framework.Builder message =
        Response.GetFrameworks.Framework.newBuilder()
            .setFrameworkInfo(framework.info())
            .setActive(framework.isConnected())
            .setConnected(framework.isConnected())
            .setRecovered(framework.isRecovered())
            .setRegisteredTime(time(framework.registered()))
            .setReregisteredTime(time(framework.reregistered().orElse(framework.registered())))
            .addAllOffers(state.offersTo(framework.id()))
            .addAllAllocatedResources(ResourceFormat.pages(framework.used()));
    framework.unregistered().ifPresent(at -> message.setUnregisteredTime(time(at)));
    state.inverseOffers.values().stream()
        .filter(offer -> offer.getFrameworkId().equals(framework.id()))
        .forEach(message::addInverseOffers);
    Resources offered = Resources.NONE;
    for (org.apache.mesos.v1.Protos.Offer offer : state.offersTo(framework.id())) {
      offered = offered.plus(Resources.of(offer.getResourcesList()));
    }
    return message
        .addAllOfferedResources(ResourceFormat.pages(offered))
        .setOfferConstraints(framework.constraints())
        .build();
  }

  Response.GetAgents.Builder agents() {
    Response.GetAgents.Builder answer = Response.GetAgents.newBuilder();
    state.agents.values().forEach(agent -> answer.addAgents(message(agent)));
    // Of those only the id is on record here.
    state.recoveredAgents.forEach(
        id -> answer.addRecoveredAgents(AgentInfo.newBuilder().setId(id).setHostname("")));
    return answer;
  }

  private Response.GetAgents.Agent message(Agent agent) {
    Response.GetAgents.Agent.Builder message =
        Response.GetAgents.Agent.newBuilder()
            .setAgentInfo(agent.info())
            .setActive(agent.isActive())
            .setDeactivated(agent.isDeactivated())
            .setVersion(build.version())
            .setPid(agent.pid())
            .setRegisteredTime(time(agent.registered()))
            .addAllTotalResources(ResourceFormat.pages(agent.total()))
            .addAllAllocatedResources(ResourceFormat.pages(state.used(agent.id())))
            .addAllOfferedResources(ResourceFormat.pages(state.offered(agent.id())));
    agent.reregistered().ifPresent(at -> message.setReregisteredTime(time(at)));
    for (AgentInfo.Capability.Type capability : AGENT_CAPABILITIES) {
      message.addCapabilities(AgentInfo.Capability.newBuilder().setType(capability));
    }
    agent.drain().ifPresent(message::setDrainInfo);
    Optional<Instant> started = agent.drainStarted();
    started.ifPresent(
        at ->
            message.setEstimatedDrainStartTime(
                TimeInfo.newBuilder()
                    .setNanoseconds(Duration.ofSeconds(at.getEpochSecond()).toNanos())));
    return message.build();
  }

  Response.GetRoles.Builder roles() {
    TreeMap<String, Role.Builder> roles = new TreeMap<>();
    for (Framework framework : state.frameworks.values()) {
      for (String name : new TreeSet<>(framework.roles())) {
        Role.Builder role =
            roles.computeIfAbsent(
                name, n -> Role.newBuilder().setName(n).setWeight(fairness.weight(n)));
        role.addFrameworks(framework.id());
        Resources used = framework.used().filter(r -> r.getAllocationInfo().getRole().equals(name));
        Resources all = Resources.of(role.getResourcesList()).plus(used.unallocated());
        role.clearResources().addAllResources(all.list());
      }
    }
    Response.GetRoles.Builder answer = Response.GetRoles.newBuilder();
    roles.values().forEach(answer::addRoles);
    return answer;
  }

  private static TimeInfo time(Instant at) {
    return TimeInfo.newBuilder().setNanoseconds(ClusterState.nanoseconds(at)).build();
  }

  /**
   * Adds what the recorded master writes though it is empty, and the agent's {@code checkpoint},
   * which the 1.11 messages no longer have.
   */
  static ObjectNode completed(ObjectNode answer) {
    ObjectNode state = answer.has("get_state") ? (ObjectNode) answer.get("get_state") : answer;
    arrays(state, "get_tasks", "tasks", "unreachable_tasks", "completed_tasks");
    arrays(state, "get_executors", "executors");
    arrays(state, "get_frameworks", "frameworks", "completed_frameworks");
    arrays(state, "get_agents", "agents", "recovered_agents");
    for (JsonNode agent : state.path("get_agents").path("agents")) {
      ((ObjectNode) agent.get("agent_info")).put("checkpoint", true);
    }
    return answer;
  }

  private static void arrays(ObjectNode parent, String field, String... names) {
    if (!(parent.get(field) instanceof ObjectNode node)) {
      return;
    }
    ObjectNode ordered = MesosJson.object();
    for (String name : names) {
      ordered.set(name, node.has(name) ? node.get(name) : MesosJson.array());
    }
    node.properties().forEach(entry -> ordered.putIfAbsent(entry.getKey(), entry.getValue()));
    parent.set(field, ordered);
  }
}
