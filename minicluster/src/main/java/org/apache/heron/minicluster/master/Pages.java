package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.resources.PageResources;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;

/** The master's pages for people and scripts, field by field as recorded. It only reads. */
final class Pages {
  private final ClusterState state;
  private final Build build;
  private final Map<String, String> flags;
  private final Instant started;
  private final Supplier<Instant> elected;
  private final Supplier<MasterInfo> leader;

  Pages(
      ClusterState state,
      Build build,
      Map<String, String> flags,
      Instant started,
      Supplier<Instant> elected,
      Supplier<MasterInfo> leader) {
    this.state = state;
    this.build = build;
    this.flags = new TreeMap<>(flags);
    this.started = started;
    this.elected = elected;
    this.leader = leader;
  }

  ObjectNode version() {
    ObjectNode page = MesosJson.object();
    page.put("build_date", build.date());
    page.set("build_time", MesosJson.number(build.time()));
    page.put("build_user", build.user());
    page.put("git_sha", build.gitSha());
    page.put("version", build.version());
    return page;
  }

  ObjectNode state() {
    ObjectNode page = MesosJson.object();
    page.put("version", build.version());
    page.put("git_sha", build.gitSha());
    page.put("build_date", build.date());
    page.set("build_time", MesosJson.number(build.time()));
    page.put("build_user", build.user());
    page.set("start_time", seconds(started));
    page.set("elected_time", seconds(elected.get()));
    page.put("id", state.master.getId());
    page.put("pid", state.master.getPid());
    page.put("hostname", state.master.getHostname());
    ArrayNode capabilities = page.putArray("capabilities");
    state.master.getCapabilitiesList().forEach(c -> capabilities.add(c.getType().name()));
    int active = Math.toIntExact(state.agents.values().stream().filter(Agent::isActive).count());
    page.set("activated_slaves", MesosJson.number(active));
    page.set("deactivated_slaves", MesosJson.number(state.agents.size() - active));
    page.set("unreachable_slaves", MesosJson.number(state.unreachableAgents.size()));
    if (state.master.hasDomain()) {
      page.set("domain", MesosJson.tree(state.master.getDomain()));
    }
    MasterInfo leading = leader.get();
    page.put("leader", leading.getPid());
    ObjectNode info = page.putObject("leader_info");
    info.put("id", leading.getId());
    info.put("pid", leading.getPid());
    info.put("port", leading.getPort());
    info.put("hostname", leading.getHostname());
    if (leading.hasDomain()) {
      info.set("domain", MesosJson.tree(leading.getDomain()));
    }
    ObjectNode flagNode = page.putObject("flags");
    flags.forEach(flagNode::put);
    ArrayNode slaves = page.putArray("slaves");
    state.agents.values().forEach(agent -> slaves.add(slave(agent)));
    page.putArray("recovered_slaves");
    ArrayNode frameworks = page.putArray("frameworks");
    state.frameworks.values().forEach(framework -> frameworks.add(framework(framework)));
    ArrayNode completed = page.putArray("completed_frameworks");
    state.completedFrameworks.forEach(framework -> completed.add(framework(framework)));
    page.putArray("orphan_tasks");
    page.putArray("unregistered_frameworks");
    return page;
  }

  ObjectNode slaves() {
    ObjectNode page = MesosJson.object();
    ArrayNode slaves = page.putArray("slaves");
    for (Agent agent : state.agents.values()) {
      ObjectNode slave = slave(agent);
      ObjectNode reserved = slave.putObject("reserved_resources_full");
      PageResources.reserved(agent.total())
          .forEach((role, resources) -> reserved.set(role, full(resources)));
      slave.set("unreserved_resources_full", full(PageResources.unreserved(agent.total())));
      slave.set("used_resources_full", full(state.used(agent.id())));
      slave.set("offered_resources_full", full(state.offered(agent.id())));
      slaves.add(slave);
    }
    page.putArray("recovered_slaves");
    return page;
  }

  private static ArrayNode full(Resources resources) {
    ArrayNode list = MesosJson.array();
    for (Resource resource : ResourceFormat.pages(resources)) {
      list.add(MesosJson.tree(resource));
    }
    return list;
  }

  private ObjectNode slave(Agent agent) {
    ObjectNode slave = MesosJson.object();
    slave.put("id", agent.id().getValue());
    slave.put("hostname", agent.info().getHostname());
    slave.put("port", agent.info().getPort());
    ObjectNode attributes = slave.putObject("attributes");
    agent
        .info()
        .getAttributesList()
        .forEach(attribute -> attributes.set(attribute.getName(), value(attribute)));
    if (agent.info().hasDomain()) {
      slave.set("domain", MesosJson.tree(agent.info().getDomain()));
    }
    slave.put("pid", agent.pid());
    slave.set("registered_time", seconds(agent.registered()));
    agent.reregistered().ifPresent(at -> slave.set("reregistered_time", seconds(at)));
    slave.set("resources", PageResources.model(agent.total()));
    slave.set("used_resources", PageResources.model(state.used(agent.id())));
    slave.set("offered_resources", PageResources.model(state.offered(agent.id())));
    ObjectNode reserved = slave.putObject("reserved_resources");
    PageResources.reserved(agent.total())
        .forEach((role, resources) -> reserved.set(role, PageResources.model(resources)));
    slave.set("unreserved_resources", PageResources.model(PageResources.unreserved(agent.total())));
    slave.put("active", agent.isActive());
    slave.put("deactivated", agent.isDeactivated());
    slave.put("version", build.version());
    ArrayNode capabilities = slave.putArray("capabilities");
    OperatorView.AGENT_CAPABILITIES.forEach(capability -> capabilities.add(capability.name()));
    return slave;
  }

  private static JsonNode value(Attribute attribute) {
    return switch (attribute.getType()) {
      case SCALAR -> MesosJson.number(attribute.getScalar().getValue());
      case TEXT ->
          com.fasterxml.jackson.databind.node.TextNode.valueOf(attribute.getText().getValue());
      case RANGES, SET -> MesosJson.tree(attribute);
    };
  }

  ObjectNode frameworks() {
    ObjectNode page = MesosJson.object();
    ArrayNode frameworks = page.putArray("frameworks");
    state.frameworks.values().forEach(framework -> frameworks.add(framework(framework)));
    ArrayNode completed = page.putArray("completed_frameworks");
    state.completedFrameworks.forEach(framework -> completed.add(framework(framework)));
    page.putArray("unregistered_frameworks");
    return page;
  }

  private ObjectNode framework(Framework framework) {
    ObjectNode node = MesosJson.object();
    Resources used = framework.used();
    Resources offered = Resources.NONE;
    for (Offer offer : state.offersTo(framework.id())) {
      offered = offered.plus(Resources.of(offer.getResourcesList()));
    }
    node.put("id", framework.id().getValue());
    node.put("name", framework.info().getName());
    node.set("used_resources", PageResources.model(used));
    node.set("offered_resources", PageResources.model(offered));
    ArrayNode capabilities = node.putArray("capabilities");
    framework.info().getCapabilitiesList().forEach(c -> capabilities.add(c.getType().name()));
    node.put("hostname", framework.info().getHostname());
    node.put("webui_url", framework.info().getWebuiUrl());
    node.put("active", framework.isConnected());
    node.put("connected", framework.isConnected());
    node.put("recovered", framework.isRecovered());
    node.put("user", framework.info().getUser());
    node.set("failover_timeout", MesosJson.number(framework.info().getFailoverTimeout()));
    node.put("checkpoint", framework.info().getCheckpoint());
    node.set("registered_time", seconds(framework.registered()));
    framework.reregistered().ifPresent(at -> node.set("reregistered_time", seconds(at)));
    node.set(
        "unregistered_time",
        framework.unregistered().map(Pages::seconds).orElse(MesosJson.number(0)));
    if (framework.info().hasPrincipal()) {
      node.put("principal", framework.info().getPrincipal());
    }
    node.set("resources", PageResources.model(used.plus(offered)));
    ArrayNode roles = node.putArray("roles");
    framework.roles().forEach(roles::add);
    ArrayNode tasks = node.putArray("tasks");
    framework.tasks().values().forEach(task -> tasks.add(task(task)));
    ArrayNode unreachable = node.putArray("unreachable_tasks");
    framework.unreachableTasks().values().forEach(each -> unreachable.add(task(each.task())));
    ArrayNode completed = node.putArray("completed_tasks");
    framework.completedTasks().forEach(task -> completed.add(task(task)));
    ArrayNode offers = node.putArray("offers");
    state.offersTo(framework.id()).forEach(offer -> offers.add(offer(offer)));
    node.putArray("executors");
    node.set("offer_constraints", MesosJson.tree(framework.constraints()));
    return node;
  }

  private static ObjectNode offer(Offer offer) {
    ObjectNode node = MesosJson.object();
    node.put("id", offer.getId().getValue());
    node.put("framework_id", offer.getFrameworkId().getValue());
    node.put("slave_id", offer.getAgentId().getValue());
    node.set("resources", PageResources.model(Resources.of(offer.getResourcesList())));
    return node;
  }

  ObjectNode tasks() {
    ObjectNode page = MesosJson.object();
    ArrayNode tasks = page.putArray("tasks");
    for (Framework framework : state.frameworks.values()) {
      framework.tasks().values().forEach(task -> tasks.add(task(task)));
      framework.unreachableTasks().values().forEach(each -> tasks.add(task(each.task())));
      framework.completedTasks().forEach(task -> tasks.add(task(task)));
    }
    for (Framework framework : state.completedFrameworks) {
      framework.completedTasks().forEach(task -> tasks.add(task(task)));
    }
    return page;
  }

  private static ObjectNode task(Task task) {
    ObjectNode node = MesosJson.object();
    node.put("id", task.id().getValue());
    node.put("name", task.info().getName());
    node.put("framework_id", task.framework().getValue());
    node.put("executor_id", "");
    node.put("slave_id", task.agent().getValue());
    node.put("state", task.state().name());
    node.set("resources", PageResources.model(task.resources()));
    task.resources().list().stream()
        .findFirst()
        .ifPresent(resource -> node.put("role", resource.getAllocationInfo().getRole()));
    ArrayNode statuses = node.putArray("statuses");
    task.statuses().forEach(status -> statuses.add(status(status)));
    TaskInfo info = task.info();
    if (info.hasLabels()) {
      ArrayNode labels = node.putArray("labels");
      info.getLabels().getLabelsList().forEach(label -> labels.add(MesosJson.tree(label)));
    }
    if (info.hasDiscovery()) {
      node.set("discovery", MesosJson.tree(info.getDiscovery()));
    }
    if (info.hasContainer()) {
      node.set("container", MesosJson.tree(info.getContainer()));
    }
    if (info.hasHealthCheck()) {
      node.set("health_check", MesosJson.tree(info.getHealthCheck()));
    }
    return node;
  }

  private static ObjectNode status(TaskStatus status) {
    ObjectNode node = MesosJson.object();
    node.put("state", status.getState().name());
    node.set("timestamp", MesosJson.number(status.getTimestamp()));
    if (status.hasContainerStatus()) {
      node.set(
          "container_status",
          MesosJson.tree(status.getContainerStatus().toBuilder().clearExecutorPid()));
    }
    if (status.hasHealthy()) {
      node.put("healthy", status.getHealthy());
    }
    return node;
  }

  private static JsonNode seconds(Instant at) {
    return MesosJson.number(ClusterState.seconds(at));
  }
}
