package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Nomad refuses of a job, in its own words where a test or a user may meet them: the types of
 * its JSON first, then the validation of its structures (nomad/structs/structs.go of versions 0.8
 * to 1.9).
 */
final class JobRules {
  private static final long SECOND = 1_000_000_000L;
  private static final Set<String> OPERANDS =
      Set.of(
          "=",
          "==",
          "is",
          "!=",
          "not",
          ">",
          ">=",
          "<",
          "<=",
          "regexp",
          "set_contains",
          "set_contains_all",
          "set_contains_any",
          "version",
          "semver",
          "is_set",
          "is_not_set",
          "distinct_hosts",
          "distinct_property");
  private static final Pattern SERVICE = Pattern.compile("(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final List<String> problems = new ArrayList<>();

  private JobRules() {}

  /** The text of the 400 by which a body is refused that is no job; empty if it is one. */
  static Optional<String> malformed(JsonNode request) {
    JsonNode job = request.path("Job");
    if (!job.isObject()) {
      return Optional.of("Job must be specified");
    }
    if (job.path("ID").asText().isEmpty()) {
      return Optional.of("Job ID hasn't been provided");
    }
    return wrongType(job);
  }

  private static Optional<String> wrongType(JsonNode job) {
    List<String> wrong = new ArrayList<>();
    text(job, wrong, "ID", "Name", "Type", "Region", "Namespace");
    number(job, wrong, "Priority");
    texts(job.path("Meta"), wrong, "Meta");
    for (JsonNode group : job.path("TaskGroups")) {
      text(group, wrong, "Name");
      number(group, wrong, "Count");
      number(group.path("EphemeralDisk"), wrong, "SizeMB");
      number(group.path("RestartPolicy"), wrong, "Attempts", "Interval", "Delay");
      for (JsonNode task : group.path("Tasks")) {
        text(task, wrong, "Name", "Driver");
        number(task, wrong, "KillTimeout");
        number(task.path("Resources"), wrong, "CPU", "MemoryMB");
        texts(task.path("Env"), wrong, "Env");
        if (!task.path("Config").isMissingNode() && !task.path("Config").isObject()) {
          wrong.add("Task.Config");
        }
      }
    }
    return wrong.stream()
        .findFirst()
        .map(field -> "json: cannot unmarshal value into Go struct field " + field);
  }

  private static void text(JsonNode holder, List<String> wrong, String... fields) {
    for (String field : fields) {
      JsonNode value = holder.path(field);
      if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
        wrong.add(field);
      }
    }
  }

  private static void number(JsonNode holder, List<String> wrong, String... fields) {
    for (String field : fields) {
      JsonNode value = holder.path(field);
      if (!value.isMissingNode() && !value.isNull() && !value.isIntegralNumber()) {
        wrong.add(field);
      }
    }
  }

  private static void texts(JsonNode map, List<String> wrong, String name) {
    map.forEach(
        value -> {
          if (!value.isTextual()) {
            wrong.add(name);
          }
        });
  }

  /** The text of the 500 by which a job is refused that cannot run; empty if it can. */
  static Optional<String> invalid(JsonNode job) {
    return invalid(job, false);
  }

  /**
   * The same.
   *
   * @param beforeForcedUpdates by the rules of versions before 0.10
   */
  static Optional<String> invalid(JsonNode job, boolean beforeForcedUpdates) {
    JobRules rules = new JobRules();
    rules.job(job);
    if (beforeForcedUpdates && job.path("Update").path("MaxParallel").asInt(1) < 1) {
      rules.problems.add("Max parallel can not be less than one: 0 < 1");
    }
    if (rules.problems.isEmpty()) {
      return Optional.empty();
    }
    int count = rules.problems.size();
    StringBuilder text =
        new StringBuilder(count + (count == 1 ? " error" : " errors") + " occurred:\n");
    rules.problems.forEach(problem -> text.append("\t* ").append(problem).append('\n'));
    return Optional.of(text.toString());
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private void job(JsonNode job) {
    String id = job.path("ID").asText();
    require(!id.contains(" "), "Job ID contains a space");
    require(id.indexOf('\0') < 0, "Job ID contains a null character");
    require(!job.path("Name").asText().isEmpty(), "Missing job name");
    require(
        Set.of("service", "batch", "system", "sysbatch")
            .contains(job.path("Type").asText("service")),
        "Invalid job type: \"" + job.path("Type").asText() + "\"");
    int priority = job.path("Priority").asInt(50);
    require(priority >= 1 && priority <= 100, "Job priority must be between [1, 100]");
    require(!job.path("Datacenters").isEmpty(), "Missing job datacenters");
    require(
        job.path("Update").path("MaxParallel").asInt() >= 0,
        "Max parallel can not be less than zero");
    require(!job.path("TaskGroups").isEmpty(), "Missing job task groups");
    job.path("Constraints").forEach(this::constraint);
    Set<String> names = new HashSet<>();
    for (JsonNode group : job.path("TaskGroups")) {
      String name = group.path("Name").asText();
      require(!name.isEmpty(), "Missing task group name");
      require(names.add(name), "Job task group redefines '" + name + "'");
      group(group);
    }
  }

  private void constraint(JsonNode constraint) {
    String operand = constraint.path("Operand").asText("=");
    boolean alone = operand.equals("is_set") || operand.equals("is_not_set");
    require(OPERANDS.contains(operand), "Unknown constraint type \"" + operand + "\"");
    require(!constraint.path("LTarget").asText().isEmpty(), "No LTarget provided but is required");
    require(
        alone == constraint.path("RTarget").asText().isEmpty(),
        "Operator \"" + operand + "\" and RTarget do not go together");
  }

  private void group(JsonNode group) {
    require(group.path("Count").asInt(1) >= 0, "Task group count can't be negative");
    require(!group.path("Tasks").isEmpty(), "Missing tasks for task group");
    JsonNode restart = group.path("RestartPolicy");
    if (restart.isObject()) {
      String mode = restart.path("Mode").asText();
      require(
          mode.equals("delay") || mode.equals("fail"),
          "Unsupported restart mode: \"" + mode + "\"");
      require(
          restart.path("Attempts").asLong() > 0 || mode.equals("fail"),
          "Restart policy \"" + mode + "\" with 0 attempts is ambiguous");
      require(restart.path("Interval").asLong() >= 5 * SECOND, "Interval can not be less than 5s");
      require(
          restart.path("Attempts").asLong() * restart.path("Delay").asLong()
              <= restart.path("Interval").asLong(),
          "Nomad can't restart the TaskGroup so often in the interval");
    }
    if (group.path("ReschedulePolicy").isObject()) {
      reschedule(group.path("ReschedulePolicy"));
    }
    Set<String> ports = new HashSet<>();
    group.path("Networks").forEach(network -> ports(network, ports));
    group.path("Services").forEach(service -> service(service, ports));
    Set<String> names = new HashSet<>();
    for (JsonNode task : group.path("Tasks")) {
      require(names.add(task.path("Name").asText()), "Task is defined twice");
      task(task, group.path("EphemeralDisk").path("SizeMB").asInt(300));
    }
  }

  private void reschedule(JsonNode reschedule) {
    long delay = reschedule.path("Delay").asLong();
    require(delay >= 5 * SECOND, "Delay cannot be less than 5s");
    require(reschedule.path("MaxDelay").asLong() >= delay, "Max Delay cannot be less than Delay");
    require(
        Set.of("constant", "exponential", "fibonacci")
            .contains(reschedule.path("DelayFunction").asText()),
        "Invalid delay function");
    require(
        reschedule.path("Unlimited").asBoolean() || reschedule.path("Attempts").asInt() > 0,
        "Reschedule attempts must be more than zero");
    if (!reschedule.path("Unlimited").asBoolean()) {
      long interval = reschedule.path("Interval").asLong();
      require(interval >= 15 * SECOND, "Interval cannot be less than 15s");
      require(
          possible(reschedule, interval) == reschedule.path("Attempts").asInt(),
          "Nomad can only make "
              + possible(reschedule, interval)
              + " attempts in that interval with that initial delay");
    }
  }

  /** The attempts that structs.go finds viable, where the delay function is exponential. */
  private static int possible(JsonNode reschedule, long interval) {
    int possible = 0;
    double waited = 0;
    for (int i = 0; i < reschedule.path("Attempts").asInt(); i++) {
      double next = Math.pow(2, i) * reschedule.path("Delay").asLong();
      long longest = reschedule.path("MaxDelay").asLong();
      waited = next > longest ? waited + longest : next;
      possible += waited < interval ? 1 : 0;
    }
    return possible;
  }

  private void task(JsonNode task, int disk) {
    String name = task.path("Name").asText();
    require(!name.isEmpty(), "Missing task name");
    require(!name.contains("/") && !name.contains("\\"), "Task name cannot include slashes");
    require(!task.path("Driver").asText().isEmpty(), "Missing task driver");
    require(task.path("KillTimeout").asLong() >= 0, "KillTimeout must be a positive value");
    // Nomad keeps ten log files of ten megabytes unless it is told otherwise.
    require(disk > 100, "log storage (100 MB) must be less than requested disk capacity");
    JsonNode resources = task.path("Resources");
    require(resources.isObject(), "Missing task resources");
    require(resources.path("CPU").asInt(100) >= 1, "minimum CPU value is 1");
    require(resources.path("MemoryMB").asInt(300) >= 10, "minimum MemoryMB value is 10");
    require(
        resources.path("DiskMB").asInt() == 0,
        "Task can't ask for disk resources, they have to be specified at the task group level.");
    Set<String> labels = new HashSet<>();
    resources.path("Networks").forEach(network -> ports(network, labels));
    driver(task);
    task.path("Services").forEach(service -> service(service, labels));
    for (JsonNode template : task.path("Templates")) {
      require(
          !template.path("EmbeddedTmpl").asText().isEmpty(),
          "Must specify a source path or have an embedded template");
      String to = template.path("DestPath").asText();
      require(!to.isEmpty(), "Must specify a destination for the template");
      require(!to.startsWith("/") && !to.contains(".."), "destination escapes alloc directory");
      require(
          Set.of("noop", "restart", "signal")
              .contains(template.path("ChangeMode").asText("restart")),
          "Invalid change mode");
    }
  }

  private void ports(JsonNode network, Set<String> labels) {
    for (String kind : new String[] {"DynamicPorts", "ReservedPorts"}) {
      for (JsonNode port : network.path(kind)) {
        String label = port.path("Label").asText();
        require(label.matches("[a-zA-Z0-9_]+"), "Port label \"" + label + "\" is not a name");
        require(labels.add(label), "Port label " + label + " already in use");
        require(
            kind.equals("DynamicPorts") || port.path("Value").asInt() > 0,
            "Port " + label + " has no value");
      }
    }
  }

  private void driver(JsonNode task) {
    JsonNode config = task.path("Config");
    Set<String> known =
        switch (task.path("Driver").asText()) {
          case "docker" -> Set.of("image", "command", "args", "network_mode");
          case "raw_exec" -> Set.of("command", "args");
          default -> Set.of();
        };
    config
        .fieldNames()
        .forEachRemaining(
            field -> require(known.contains(field), "no argument or block type \"" + field + "\""));
    require(!config.path("command").asText().isEmpty(), "missing required field \"command\"");
    if (known.contains("image")) {
      require(!config.path("image").asText().isEmpty(), "missing required field \"image\"");
    }
    config.path("args").forEach(word -> require(word.isTextual(), "args must be texts"));
  }

  private void service(JsonNode service, Set<String> labels) {
    String name = service.path("Name").asText();
    require(
        SERVICE.matcher(name).matches(),
        "service name must be valid per RFC 1123 and can contain only alphanumeric characters or"
            + " dashes: \""
            + name
            + "\"");
    require(
        labels.contains(service.path("PortLabel").asText()),
        "port label of the service is not defined");
    require(
        Set.of("consul", "nomad").contains(service.path("Provider").asText("consul")),
        "Service provider must be \"consul\" or \"nomad\"");
    for (JsonNode check : service.path("Checks")) {
      require(
          Set.of("tcp", "http", "script", "grpc").contains(check.path("Type").asText()), "type");
      require(check.path("Interval").asLong() >= SECOND, "interval cannot be lower than 1s");
      require(
          check.path("Timeout").asLong() >= SECOND, "timeout is lower than required minimum 1s");
      require(labels.contains(check.path("PortLabel").asText()), "check's port is not defined");
    }
  }
}
