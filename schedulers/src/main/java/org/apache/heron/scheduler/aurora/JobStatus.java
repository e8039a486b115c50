package org.apache.heron.scheduler.aurora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * How a job's instances are, as {@code aurora job status --write-json} says. Pure.
 *
 * @param active instances that run, or are about to, by number
 * @param ended what has ended, the latest last
 */
record JobStatus(List<Instance> active, List<Instance> ended) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  JobStatus {
    active = active.stream().sorted(Comparator.comparingInt(Instance::id)).toList();
    ended = ended.stream().sorted(Comparator.comparingLong(Instance::since)).toList();
  }

  /**
   * One attempt to run an instance.
   *
   * @param state Aurora's word: PENDING, ASSIGNED, STARTING, RUNNING, THROTTLED, …
   * @param host empty while it has none
   * @param ports by the template's names
   * @param events oldest first
   */
  record Instance(
      int id,
      String taskId,
      String state,
      String host,
      int failures,
      Map<String, Integer> ports,
      double cpus,
      double memMb,
      double diskMb,
      List<Happening> events) {
    Instance {
      ports = Map.copyOf(ports);
      events = events.stream().sorted(Comparator.comparingLong(Happening::at)).toList();
    }

    /** When it came into its state, in milliseconds since the epoch; 0 if that is not known. */
    long since() {
      return events.isEmpty() ? 0 : events.get(events.size() - 1).at();
    }

    /** What Aurora says of its present state; may be empty. */
    String message() {
      return events.isEmpty() ? "" : events.get(events.size() - 1).message();
    }
  }

  /**
   * A change of an instance's state.
   *
   * @param at milliseconds since the epoch
   */
  record Happening(long at, String state, String message) {}

  /** No job of that name, or one whose instances have all ended and been forgotten. */
  static JobStatus none() {
    return new JobStatus(List.of(), List.of());
  }

  /**
   * Reads the client's answer. Lines before the JSON, which a site's hooks may print, are skipped.
   *
   * @throws SchedulerException if it is no such answer
   */
  static JobStatus parse(String text) {
    JsonNode root = root(text);
    if (root.isObject() && root.hasNonNull("error")) {
      return none();
    }
    if (!root.isArray()) {
      throw unreadable(text);
    }
    List<Instance> active = new ArrayList<>();
    List<Instance> ended = new ArrayList<>();
    for (JsonNode job : root) {
      if (!job.path("active").isArray()) {
        throw unreadable(text);
      }
      job.path("active").forEach(task -> active.add(instance(task, text)));
      job.path("inactive").forEach(task -> ended.add(instance(task, text)));
    }
    return new JobStatus(active, ended);
  }

  private static JsonNode root(String text) {
    int begin = 0;
    while (begin < text.length()) {
      char first = text.charAt(begin);
      if (first == '[' || first == '{') {
        try {
          JsonNode root = MAPPER.readTree(text.substring(begin));
          if (root != null && root.isContainerNode()) {
            return root;
          }
        } catch (JsonProcessingException e) {
          // A line of a hook that begins like JSON; the next line may be it.
        }
      }
      int lineEnd = text.indexOf('\n', begin);
      begin = lineEnd < 0 ? text.length() : lineEnd + 1;
    }
    throw unreadable(text);
  }

  private static Instance instance(JsonNode task, String text) {
    JsonNode assigned = task.path("assignedTask");
    if (!assigned.path("instanceId").isInt() || !task.path("status").isTextual()) {
      throw unreadable(text);
    }
    Map<String, Integer> ports = new TreeMap<>();
    assigned
        .path("assignedPorts")
        .properties()
        .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
    List<Happening> events = new ArrayList<>();
    task.path("taskEvents")
        .forEach(
            event ->
                events.add(
                    new Happening(
                        event.path("timestamp").asLong(),
                        event.path("status").asText(),
                        event.path("message").asText(""))));
    JsonNode config = assigned.path("task");
    return new Instance(
        assigned.path("instanceId").asInt(),
        assigned.path("taskId").asText(""),
        task.path("status").asText(),
        assigned.path("slaveHost").asText(""),
        task.path("failureCount").asInt(),
        ports,
        quantity(config, "numCpus"),
        quantity(config, "ramMb"),
        quantity(config, "diskMb"),
        events);
  }

  /** In the instance's configuration itself, or, of later versions, in its list of resources. */
  private static double quantity(JsonNode config, String name) {
    if (config.path(name).isNumber()) {
      return config.path(name).asDouble();
    }
    for (JsonNode resource : config.path("resources")) {
      if (resource.path(name).isNumber()) {
        return resource.path(name).asDouble();
      }
    }
    return 0;
  }

  private static SchedulerException unreadable(String text) {
    String plain = text.strip().replaceAll("\\s+", " ");
    return new SchedulerException(
        "Aurora's client has not answered 'job status --write-json' with a job's status, but: "
            + (plain.isEmpty()
                ? "nothing"
                : plain.length() <= 200 ? plain : plain.substring(0, 200) + "…"));
  }

  /** Numbers of the active instances. */
  TreeSet<Integer> ids() {
    return active.stream().map(Instance::id).collect(Collectors.toCollection(TreeSet::new));
  }

  /** How the latest of an instance's earlier attempts ended. */
  Optional<Instance> lastEnd(int id) {
    return ended.stream().filter(instance -> instance.id() == id).reduce((first, last) -> last);
  }
}
