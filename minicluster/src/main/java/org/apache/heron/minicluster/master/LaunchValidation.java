package org.apache.heron.minicluster.master;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;

/** Whether a task may be launched; refusals are Mesos' texts (invalid-launches.jsonl). */
final class LaunchValidation {
  private static final int LONGEST_ID = 255;

  private LaunchValidation() {}

  /**
   * @param agent that the offers are of
   * @param available what is left of the offers
   * @param exists whether the framework has a task of that id already
   * @return the refusal; empty if the task may run
   */
  static Optional<String> refusal(
      TaskInfo task, AgentID agent, String role, Resources available, Predicate<TaskID> exists) {
    return idRefusal(task.getTaskId().getValue())
        .or(
            () ->
                exists.test(task.getTaskId())
                    ? Optional.of("Task has duplicate ID: " + task.getTaskId().getValue())
                    : Optional.empty())
        .or(
            () ->
                task.getAgentId().equals(agent)
                    ? Optional.empty()
                    : Optional.of(
                        "Task uses invalid agent "
                            + task.getAgentId().getValue()
                            + " while agent "
                            + agent.getValue()
                            + " is expected"))
        .or(() -> killPolicyRefusal(task.getKillPolicy()))
        .or(() -> resourceRefusal(task))
        .or(() -> runnableRefusal(task))
        .or(() -> amountRefusal(task, role, available));
  }

  private static Optional<String> idRefusal(String id) {
    if (id.isEmpty()) {
      return Optional.of("ID must not be empty");
    }
    if (id.length() > LONGEST_ID) {
      return Optional.of("ID must not be greater than " + LONGEST_ID + " characters");
    }
    if (id.equals(".") || id.equals("..")) {
      return Optional.of("'" + id + "' is disallowed");
    }
    boolean bad = id.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '/' || c == '\\');
    return bad ? Optional.of("'" + id + "' contains invalid characters") : Optional.empty();
  }

  private static Optional<String> killPolicyRefusal(KillPolicy policy) {
    return policy.getGracePeriod().getNanoseconds() < 0
        ? Optional.of("Task's 'kill_policy.grace_period' must be non-negative")
        : Optional.empty();
  }

  private static Optional<String> resourceRefusal(TaskInfo task) {
    if (task.getResourcesCount() == 0) {
      return Optional.of("Task uses no resources");
    }
    for (Resource resource : task.getResourcesList()) {
      Optional<String> error = error(resource);
      if (error.isPresent()) {
        return error.map(text -> "Task uses invalid resources: " + text);
      }
    }
    return mixRefusal(task).map(text -> "Task uses invalid resources: " + text);
  }

  /** What may be taken back at any time and what may not do not go together. */
  private static Optional<String> mixRefusal(TaskInfo task) {
    Map<String, Boolean> revocable = new HashMap<>();
    for (Resource resource : task.getResourcesList()) {
      Boolean before = revocable.put(resource.getName(), resource.hasRevocable());
      if (before != null && before != resource.hasRevocable()) {
        return Optional.of(
            "Cannot use both revocable and non-revocable '"
                + resource.getName()
                + "' at the same time");
      }
    }
    return Optional.empty();
  }

  /** Why a resource is none, if so. */
  static Optional<String> error(Resource resource) {
    if (resource.getName().isEmpty()) {
      return Optional.of("Empty resource name");
    }
    boolean typed =
        switch (resource.getType()) {
          case SCALAR -> resource.hasScalar() && !resource.hasRanges() && !resource.hasSet();
          case RANGES -> resource.hasRanges() && !resource.hasScalar() && !resource.hasSet();
          case SET -> resource.hasSet() && !resource.hasScalar() && !resource.hasRanges();
          case TEXT -> false;
        };
    if (!typed) {
      return Optional.of("Invalid resource " + resource.getName() + ": its value has another type");
    }
    if (resource.hasScalar() && !(resource.getScalar().getValue() >= 0)) {
      return Optional.of("Invalid scalar resource: value < 0");
    }
    double amount = resource.getScalar().getValue();
    if (resource.getName().equals("gpus") && amount != Math.rint(amount)) {
      return Optional.of("The 'gpus' resource must be an unsigned integer");
    }
    for (Value.Range range : resource.getRanges().getRangeList()) {
      if (range.getBegin() < 0 || range.getEnd() < range.getBegin()) {
        return Optional.of("Invalid ranges resource: begin > end");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> runnableRefusal(TaskInfo task) {
    if (task.hasExecutor() == task.hasCommand()) {
      return Optional.of(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    if (task.hasExecutor()) {
      return Optional.of(
          "Task brings its own executor, which this cluster does not run: use 'command'");
    }
    return Optional.empty();
  }

  private static Optional<String> amountRefusal(TaskInfo task, String role, Resources available) {
    Resources wanted = Resources.of(task.getResourcesList()).allocatedByDefaultTo(role);
    return available.contains(wanted)
        ? Optional.empty()
        : Optional.of(
            "Total resources "
                + wanted.text()
                + " required by task and its executor is more than available "
                + available.text());
  }
}
