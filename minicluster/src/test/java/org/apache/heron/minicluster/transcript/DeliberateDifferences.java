package org.apache.heron.minicluster.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where our master differs from the recorded one on purpose, each with its reason. What is not
 * named here must be the same.
 *
 * <ul>
 *   <li><b>No QUOTA_V2</b> among the master's capabilities: this cluster has no quota, and the
 *       messages of 1.11, with which Heron is built, do not have the name.
 *   <li><b>Flags</b> of {@code /state}: only those that this master has.
 *   <li><b>Metrics</b>: only those whose values it has; names are Mesos'.
 *   <li><b>Build</b> (user, git hash): ours is no build of Mesos.
 *   <li><b>A dead leader's node disappears at once</b>, not after ZooKeeper's session time-out: the
 *       process that held it is this JVM, which lives on. Hence no 307 in the time between.
 *   <li><b>Log replicas</b> in ZooKeeper: the registry is in memory.
 *   <li><b>The time of heartbeats</b> is not compared but for the first.
 *   <li><b>Executors of the framework's own, task groups, volumes</b>: refused with a TASK_ERROR
 *       that says so (launches) or dropped with a warning in the log (volumes). No recording has
 *       them.
 *   <li><b>Recovered agents</b> (those of the master before, with a registry that is kept) are
 *       shown by id only. No recording has them: all are of {@code --registry=in_memory}.
 *   <li><b>SHUTDOWN</b> of a command task's executor is a KILL of the task. No recording has it.
 * </ul>
 */
final class DeliberateDifferences {
  private static final List<String> BUILD =
      List.of("git_sha", "build_date", "build_time", "build_user");

  private DeliberateDifferences() {}

  /** Takes out of the recorded answer what is deliberately not in ours, or otherwise. */
  static JsonNode expected(String path, JsonNode recorded, JsonNode ours) {
    JsonNode expected = withoutQuota(recorded.deepCopy());
    if (path.endsWith("/metrics/snapshot")) {
      keepKnown((ObjectNode) expected, ours);
      keepKnown((ObjectNode) ours, expected);
      expected.fieldNames().forEachRemaining(name -> ((ObjectNode) expected).put(name, 0.0));
      ours.fieldNames().forEachRemaining(name -> ((ObjectNode) ours).put(name, 0.0));
    }
    if (expected.has("flags")) {
      ((ObjectNode) expected).set("flags", ours.path("flags"));
    }
    copyBuild(expected, ours);
    copyBuild(
        expected.path("get_version").path("version_info"),
        ours.path("get_version").path("version_info"));
    return expected;
  }

  private static void keepKnown(ObjectNode recorded, JsonNode ours) {
    List<String> names = new ArrayList<>();
    recorded.fieldNames().forEachRemaining(names::add);
    names.stream().filter(name -> !ours.has(name)).forEach(recorded::remove);
  }

  private static void copyBuild(JsonNode recorded, JsonNode ours) {
    for (String name : BUILD) {
      if (recorded.has(name) && ours.has(name)) {
        ((ObjectNode) recorded).set(name, ours.get(name));
      }
    }
  }

  private static JsonNode withoutQuota(JsonNode node) {
    if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        JsonNode each = array.get(i);
        // In protobuf the name is a number that our messages do not know: an object without fields.
        boolean unknown = each.isObject() && each.isEmpty();
        if (unknown
            || each.asText().equals("QUOTA_V2")
            || each.path("type").asText().equals("QUOTA_V2")) {
          array.remove(i);
        }
      }
    }
    node.forEach(DeliberateDifferences::withoutQuota);
    return node;
  }
}
