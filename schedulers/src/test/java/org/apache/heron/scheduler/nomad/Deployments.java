package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How Nomad brings a service's next version into use (api/jobs.go and api/tasks.go; hashicorp/nomad
 * pull request 6191 for what holds since 0.10).
 */
final class Deployments {
  private static final long SECOND = 1_000_000_000L;

  private Deployments() {}

  /** Writes into a job what Nomad makes of what it says of updates, or does not say. */
  static void canonicalize(ObjectNode job, boolean onlyWhenAsked) {
    boolean service = job.path("Type").asText("service").equals("service");
    if (service && !job.path("Update").isObject() && !onlyWhenAsked) {
      job.set("Update", usual());
    }
    for (JsonNode group : job.path("TaskGroups")) {
      boolean asked = job.path("Update").isObject() || group.path("Update").isObject();
      if (asked) {
        ObjectNode merged = usual();
        job.path("Update").properties().forEach(e -> merged.set(e.getKey(), e.getValue()));
        group.path("Update").properties().forEach(e -> merged.set(e.getKey(), e.getValue()));
        ((ObjectNode) group).set("Update", merged);
      }
    }
  }

  private static ObjectNode usual() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("Stagger", 30 * SECOND)
        .put("MaxParallel", 1)
        .put("HealthCheck", "checks")
        .put("MinHealthyTime", 10 * SECOND)
        .put("HealthyDeadline", 300 * SECOND)
        .put("ProgressDeadline", 600 * SECOND);
  }

  static Alloc.Deployment begin(JsonNode job) {
    return job.at("/TaskGroups/0/Update/MaxParallel").asInt(0) > 0
        ? Alloc.Deployment.RUNNING
        : Alloc.Deployment.NONE;
  }

  static void end(Alloc allocation, World.Tasks tasks) {
    boolean healthy = allocation.client.equals("running") && passesChecks(allocation, tasks);
    allocation.deployment = healthy ? Alloc.Deployment.SUCCESSFUL : Alloc.Deployment.FAILED;
  }

  static boolean passesChecks(Alloc allocation, World.Tasks tasks) {
    for (JsonNode service : allocation.taskOf().path("Services")) {
      for (JsonNode check : service.path("Checks")) {
        if (!tasks.answers(allocation, allocation.ports.get(check.path("PortLabel").asText()))) {
          return false;
        }
      }
    }
    return true;
  }
}
