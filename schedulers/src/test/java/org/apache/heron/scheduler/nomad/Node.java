package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client of the stand-in.
 *
 * @param attributes by their names in constraints, for example {@code node.class}
 */
public record Node(
    String id,
    String name,
    String datacenter,
    Set<String> drivers,
    Map<String, String> attributes,
    int cpu,
    int memory,
    int disk) {

  /** A large one in dc1, with both drivers. */
  public static Node large(String name) {
    return new Node(
        "node-" + name,
        name,
        "dc1",
        Set.of("docker", "raw_exec"),
        Map.of("attr.kernel.name", "linux", "node.class", "batch"),
        100_000,
        100_000,
        1_000_000);
  }

  /** As large as that. */
  Node of(int cpus, int memoryMb) {
    return new Node(id, name, datacenter, drivers, attributes, cpus, memoryMb, disk);
  }

  Node with(Set<String> only) {
    return new Node(id, name, datacenter, only, attributes, cpu, memory, disk);
  }

  /** Nomad's patterns of datacenters know the asterisk alone. */
  boolean isIn(JsonNode datacenters) {
    for (JsonNode each : datacenters) {
      String pattern = "\\Q" + each.asText().replace("*", "\\E.*\\Q") + "\\E";
      if (datacenter.matches(pattern)) {
        return true;
      }
    }
    return false;
  }

  Map<String, Object> stub() {
    Map<String, Object> stub = new LinkedHashMap<>();
    stub.put("ID", id);
    stub.put("Name", name);
    stub.put("Datacenter", datacenter);
    stub.put("Status", "ready");
    stub.put("SchedulingEligibility", "eligible");
    Map<String, Object> states = new LinkedHashMap<>();
    drivers.forEach(driver -> states.put(driver, Map.of("Detected", true, "Healthy", true)));
    stub.put("Drivers", states);
    return stub;
  }

  /** The first constraint of the job that leaves it out. */
  Optional<String> filter(JsonNode job, JsonNode task) {
    if (!drivers.contains(task.path("Driver").asText())) {
      return Optional.of("missing drivers");
    }
    for (JsonNode constraint : job.path("Constraints")) {
      String left = constraint.path("LTarget").asText();
      String value = attributes.getOrDefault(left.replaceAll("^\\$\\{|}$", ""), "");
      String wanted = constraint.path("RTarget").asText();
      boolean meets =
          switch (constraint.path("Operand").asText("=")) {
            case "=", "==", "is" -> value.equals(wanted);
            case "!=", "not" -> !value.equals(wanted);
            case "regexp" -> java.util.regex.Pattern.compile(wanted).matcher(value).find();
            case "is_set" -> !value.isEmpty();
            case "is_not_set" -> value.isEmpty();
            default -> throw new IllegalStateException("not played here: " + constraint);
          };
      if (!meets) {
        return Optional.of(left + " " + constraint.path("Operand").asText() + " " + wanted);
      }
    }
    for (JsonNode service : task.path("Services")) {
      // What Nomad adds by itself for services of Consul.
      boolean consul = service.path("Provider").asText("consul").equals("consul");
      if (consul && !attributes.containsKey("attr.consul.version")) {
        return Optional.of("${attr.consul.version} semver >= 1.8.0");
      }
    }
    return Optional.empty();
  }
}
