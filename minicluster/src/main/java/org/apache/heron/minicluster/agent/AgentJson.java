package org.apache.heron.minicluster.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.status.TaskStates;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;

/** An agent's pages in Mesos' form (recording attributes-and-state). Pure but for process times. */
final class AgentJson {
  /** The version whose behaviour is shown. */
  static final String VERSION = "1.12.0";

  private static final int SHOWN_COMMAND = 15;
  private static final double BYTES_PER_MEGABYTE = 1024.0 * 1024.0;

  private static final List<String> CAPABILITIES =
      List.of(
          "MULTI_ROLE",
          "HIERARCHICAL_ROLE",
          "RESERVATION_REFINEMENT",
          "RESOURCE_PROVIDER",
          "RESIZE_VOLUME",
          "AGENT_OPERATION_FEEDBACK",
          "AGENT_DRAINING",
          "TASK_RESOURCE_LIMITS");

  private AgentJson() {}

  static ObjectNode version() {
    return MesosJson.object().put("version", VERSION);
  }

  static ObjectNode state(AgentSettings settings, AgentView view) {
    ObjectNode state = version();
    state.set("start_time", seconds(view.started()));
    state.put("id", view.info().getId().getValue());
    state.put("pid", "slave(1)@" + settings.bindAddress() + ":" + view.info().getPort());
    state.put("hostname", settings.hostname());
    ArrayNode capabilities = state.putArray("capabilities");
    CAPABILITIES.forEach(capabilities::add);
    settings.domain().ifPresent(domain -> state.set("domain", MesosJson.tree(domain)));
    resources(state, settings.owned(), view);
    state.putArray("resource_providers");
    ObjectNode attributes = state.putObject("attributes");
    settings
        .attributes()
        .forEach(attribute -> attributes.set(attribute.getName(), value(attribute)));
    state.put("master_hostname", "localhost");
    state.set("flags", flags(settings, view).get("flags"));
    frameworks(state, view);
    return state;
  }

  private static void resources(ObjectNode state, List<Resource> all, AgentView view) {
    Map<String, List<Resource>> reserved = new LinkedHashMap<>();
    List<Resource> unreserved = new ArrayList<>();
    for (Resource resource : all) {
      if (resource.getReservationsCount() == 0) {
        unreserved.add(resource);
      } else {
        reserved
            .computeIfAbsent(ResourceFormat.reservedRole(resource), role -> new ArrayList<>())
            .add(resource);
      }
    }
    List<Resource> used = new ArrayList<>();
    view.tasks().stream()
        .filter(AgentJson::isLive)
        .forEach(task -> used.addAll(withExecutor(task)));
    state.set("resources", totals(all, true));
    ObjectNode byRole = state.putObject("reserved_resources");
    reserved.forEach((role, resources) -> byRole.set(role, totals(resources, true)));
    state.set("unreserved_resources", totals(unreserved, true));
    ObjectNode byRoleFull = state.putObject("reserved_resources_full");
    reserved.forEach((role, resources) -> byRoleFull.set(role, full(resources)));
    state.set("unreserved_resources_full", full(unreserved));
    ObjectNode usedByRole = state.putObject("reserved_resources_allocated");
    for (String role : reserved.keySet()) {
      List<Resource> ofRole =
          used.stream()
              .filter(each -> each.getReservationsCount() > 0)
              .filter(each -> ResourceFormat.reservedRole(each).equals(role))
              .toList();
      if (!ofRole.isEmpty()) {
        usedByRole.set(role, totals(ofRole, false));
      }
    }
    state.set(
        "unreserved_resources_allocated",
        totals(used.stream().filter(each -> each.getReservationsCount() == 0).toList(), false));
  }

  static boolean isLive(AgentView.Task task) {
    return !TaskStates.isTerminal(task.state());
  }

  /** With what Mesos adds for its command executor. */
  static List<Resource> withExecutor(AgentView.Task task) {
    List<Resource> resources = new ArrayList<>(task.task().getResourcesList());
    resources.add(scalar("cpus", 0.1));
    resources.add(scalar("mem", 32));
    return resources;
  }

  private static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }

  private static ArrayNode full(List<Resource> resources) {
    ArrayNode full = MesosJson.array();
    resources.forEach(resource -> full.add(MesosJson.tree(ResourceFormat.page(resource))));
    return full;
  }

  /** The sums by name, the usual four first; ranges as text. */
  static ObjectNode totals(List<Resource> list, boolean ranges) {
    Resources resources = Resources.of(list);
    ObjectNode totals = MesosJson.object();
    for (String name : List.of("disk", "mem", "gpus", "cpus")) {
      totals.set(name, MesosJson.number(resources.scalar(name)));
    }
    for (Resource resource : list) {
      if (resource.getType() == Value.Type.SCALAR) {
        totals.set(resource.getName(), MesosJson.number(resources.scalar(resource.getName())));
      } else if (ranges || resource.getType() == Value.Type.RANGES) {
        totals.put(resource.getName(), resources.textByName().get(resource.getName()));
      }
    }
    return totals;
  }

  private static JsonNode value(Attribute attribute) {
    if (attribute.getType() == Value.Type.SCALAR) {
      return MesosJson.number(attribute.getScalar().getValue());
    }
    if (attribute.getType() == Value.Type.RANGES) {
      List<String> ranges =
          attribute.getRanges().getRangeList().stream()
              .map(range -> range.getBegin() + "-" + range.getEnd())
              .toList();
      return MesosJson.object().textNode("[" + String.join(", ", ranges) + "]");
    }
    return MesosJson.object().textNode(attribute.getText().getValue());
  }

  /** The settings under the names of Mesos' flags; flags that mean nothing here are left out. */
  static ObjectNode flags(AgentSettings settings, AgentView view) {
    ObjectNode page = MesosJson.object();
    ObjectNode flags = page.putObject("flags");
    flags.put("attributes", settings.attributeText());
    flags.put("containerizers", "mesos");
    flags.put("default_role", "*");
    settings.domain().ifPresent(domain -> flags.put("domain", MesosJson.print(domain)));
    flags.put("executor_registration_timeout", Statuses.inMesosUnits(settings.registrationLimit()));
    flags.put("fetcher_cache_size", settings.cacheBytes() + "B");
    flags.put("fetcher_stall_timeout", settings.fetchStallLimit().toSeconds() + "secs");
    flags.put("hostname", settings.hostname());
    flags.put("ip", settings.bindAddress());
    flags.put("isolation", "posix/cpu,posix/mem");
    flags.put("launcher", "posix");
    flags.put("port", Integer.toString(view.info().getPort()));
    flags.put("resources", settings.resourceText());
    flags.put("switch_user", Boolean.toString(settings.switchUser()));
    flags.put("work_dir", settings.workDirectory().toAbsolutePath().toString());
    return page;
  }

  private static void frameworks(ObjectNode state, AgentView view) {
    Map<FrameworkInfo, List<AgentView.Task>> live = byFramework(view.tasks());
    Map<FrameworkInfo, List<AgentView.Task>> done = byFramework(view.completed());
    ArrayNode frameworks = state.putArray("frameworks");
    live.forEach(
        (framework, tasks) ->
            frameworks.add(framework(framework, tasks, done.getOrDefault(framework, List.of()))));
    ArrayNode completed = state.putArray("completed_frameworks");
    done.forEach(
        (framework, tasks) -> {
          if (!live.containsKey(framework)) {
            completed.add(framework(framework, List.of(), tasks));
          }
        });
  }

  private static Map<FrameworkInfo, List<AgentView.Task>> byFramework(List<AgentView.Task> tasks) {
    Map<FrameworkInfo, List<AgentView.Task>> byFramework = new LinkedHashMap<>();
    for (AgentView.Task task : tasks) {
      byFramework.computeIfAbsent(task.framework(), key -> new ArrayList<>()).add(task);
    }
    return byFramework;
  }

  private static ObjectNode framework(
      FrameworkInfo info, List<AgentView.Task> live, List<AgentView.Task> completed) {
    ObjectNode framework = MesosJson.object();
    framework.put("id", info.getId().getValue());
    framework.put("name", info.getName());
    framework.put("user", info.getUser());
    framework.set("failover_timeout", MesosJson.number(info.getFailoverTimeout()));
    framework.put("checkpoint", info.getCheckpoint());
    framework.put("hostname", info.getHostname());
    ArrayNode roles = framework.putArray("roles");
    info.getRolesList().forEach(roles::add);
    ArrayNode executors = framework.putArray("executors");
    live.forEach(task -> executors.add(executor(task)));
    ArrayNode completedExecutors = framework.putArray("completed_executors");
    completed.forEach(task -> completedExecutors.add(executor(task)));
    return framework;
  }

  private static ObjectNode executor(AgentView.Task task) {
    ObjectNode executor = MesosJson.object();
    executor.put("id", task.task().getTaskId().getValue());
    executor.put("name", executorName(task));
    executor.put("source", task.task().getTaskId().getValue());
    executor.put("container", task.containerId());
    executor.put("directory", task.directory());
    executor.set("resources", totals(isLive(task) ? withExecutor(task) : List.of(), false));
    executor.put("role", role(task));
    ArrayNode tasks = executor.putArray("tasks");
    ArrayNode queued = executor.putArray("queued_tasks");
    ArrayNode done = executor.putArray("completed_tasks");
    (task.statuses().isEmpty() ? queued : isLive(task) ? tasks : done).add(task(task));
    return executor;
  }

  static String executorName(AgentView.Task task) {
    CommandInfo command = task.task().getCommand();
    String value = command.getValue();
    String shown =
        value.length() > SHOWN_COMMAND ? value.substring(0, SHOWN_COMMAND) + "..." : value;
    return "Command Executor (Task: "
        + task.task().getTaskId().getValue()
        + ") (Command: "
        + (command.getShell() ? "sh -c '" + shown + "'" : "[" + shown + "]")
        + ")";
  }

  private static String role(AgentView.Task task) {
    return task.task().getResourcesList().stream()
        .filter(Resource::hasAllocationInfo)
        .map(resource -> resource.getAllocationInfo().getRole())
        .findFirst()
        .orElse("*");
  }

  private static ObjectNode task(AgentView.Task task) {
    ObjectNode node = MesosJson.object();
    node.put("id", task.task().getTaskId().getValue());
    node.put("name", task.task().getName());
    node.put("framework_id", task.framework().getId().getValue());
    node.put("executor_id", "");
    node.put("slave_id", task.task().getAgentId().getValue());
    node.put("state", task.state().name());
    node.set("resources", totals(task.task().getResourcesList(), false));
    node.put("role", role(task));
    ArrayNode statuses = node.putArray("statuses");
    task.statuses().forEach(status -> statuses.add(status(status)));
    if (task.task().hasLabels()) {
      node.set("labels", MesosJson.tree(task.task().getLabels()).get("labels"));
    }
    if (task.task().hasDiscovery()) {
      node.set("discovery", MesosJson.tree(task.task().getDiscovery()));
    }
    return node;
  }

  private static ObjectNode status(TaskStatus status) {
    ObjectNode node = MesosJson.object();
    node.put("state", status.getState().name());
    node.set("timestamp", MesosJson.number(status.getTimestamp()));
    if (status.hasHealthy()) {
      node.put("healthy", status.getHealthy());
    }
    if (status.hasContainerStatus()) {
      node.set(
          "container_status",
          MesosJson.tree(status.getContainerStatus().toBuilder().clearExecutorPid()));
    }
    return node;
  }

  /** {@code /containers} with the status, {@code /monitor/statistics} without. */
  static ArrayNode containers(AgentView view, boolean withStatus) {
    ArrayNode containers = MesosJson.array();
    for (AgentView.Task task : view.tasks()) {
      if (task.container().isEmpty() || !isLive(task)) {
        continue;
      }
      ObjectNode node = containers.addObject();
      if (withStatus) {
        node.put("container_id", task.containerId());
      }
      node.put("executor_id", task.task().getTaskId().getValue());
      node.put("executor_name", executorName(task));
      node.put("framework_id", task.framework().getId().getValue());
      node.put("source", task.task().getTaskId().getValue());
      node.set("statistics", statistics(task, task.container().get()));
      if (withStatus) {
        ObjectNode status = node.putObject("status");
        status.putObject("container_id").put("value", task.containerId());
        status.put("executor_pid", task.container().get().executorPid());
      }
    }
    return containers;
  }

  private static ObjectNode statistics(AgentView.Task task, Container container) {
    Resources limits = Resources.of(withExecutor(task));
    Container.Usage usage = container.usage();
    long memory = (long) (limits.scalar("mem") * BYTES_PER_MEGABYTE);
    ObjectNode node = MesosJson.object();
    node.set("cpus_soft_limit", MesosJson.number(limits.scalar("cpus")));
    node.set("cpus_system_time_secs", MesosJson.number(usage.systemSeconds()));
    node.set("cpus_user_time_secs", MesosJson.number(usage.userSeconds()));
    node.put("mem_limit_bytes", memory);
    node.put("mem_rss_bytes", usage.residentBytes());
    node.put("mem_soft_limit_bytes", memory);
    node.set("timestamp", seconds(Instant.now()));
    return node;
  }

  /** The containers as GET_CONTAINERS gives them. */
  static ArrayNode callContainers(AgentView view) {
    ArrayNode containers = MesosJson.array();
    for (JsonNode page : containers(view, true)) {
      ObjectNode node = containers.addObject();
      node.set("framework_id", MesosJson.object().set("value", page.get("framework_id")));
      node.set("executor_id", MesosJson.object().set("value", page.get("executor_id")));
      node.set("executor_name", page.get("executor_name"));
      node.set("container_id", MesosJson.object().set("value", page.get("container_id")));
      node.set("container_status", page.get("status"));
      node.set("resource_statistics", page.get("statistics"));
    }
    return containers;
  }

  /** A directory as LIST_FILES gives it. */
  static ArrayNode fileInfos(ArrayNode entries) {
    ArrayNode infos = MesosJson.array();
    for (JsonNode entry : entries) {
      ObjectNode info = infos.addObject();
      info.set("path", entry.get("path"));
      info.set("nlink", entry.get("nlink"));
      info.set("size", entry.get("size"));
      info.putObject("mtime").put("nanoseconds", entry.get("mtime").asLong() * 1_000_000_000L);
      info.set("uid", entry.get("uid"));
      info.set("gid", entry.get("gid"));
    }
    return infos;
  }

  private static JsonNode seconds(Instant instant) {
    return MesosJson.number(
        instant.getEpochSecond() + Math.floorDiv(instant.getNano(), 1_000) / 1e6);
  }
}
