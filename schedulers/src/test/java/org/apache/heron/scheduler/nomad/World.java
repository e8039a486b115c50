package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Jobs, evaluations and allocations of the stand-in, and how they follow from each other. */
public final class World {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, ObjectNode> jobs = new TreeMap<>();
  private final List<Map<String, Object>> evaluations = new ArrayList<>();
  private final List<Alloc> allocations = new ArrayList<>();
  private final List<String> history = new CopyOnWriteArrayList<>();
  private final Tasks tasks;
  private long index = 10;
  private int port = 20_000;
  private boolean deploysOnlyWhenAsked;

  /** Runs, or plays, what a node does with an allocation. Called with the world locked. */
  public interface Tasks {
    void start(World world, Alloc allocation);

    void stop(World world, Alloc allocation);

    /** True if somebody answers at that port of the task. */
    default boolean answers(Alloc allocation, int port) {
      return true;
    }

    /** A port that is free for the task. */
    default Optional<Integer> port() {
      return Optional.empty();
    }
  }

  World(Tasks tasks) {
    this.tasks = tasks;
  }

  List<String> history() {
    return List.copyOf(history);
  }

  synchronized void deploysOnlyWhenAsked() {
    deploysOnlyWhenAsked = true;
  }

  synchronized void add(Node node) {
    nodes.add(node);
    for (Map<String, Object> evaluation : List.copyOf(evaluations)) {
      if (evaluation.get("Status").equals("blocked")) {
        evaluation.put("Status", "complete");
        evaluation.put("FailedTGAllocs", null);
        evaluation.put("ModifyIndex", ++index);
        Optional.ofNullable(jobs.get((String) evaluation.get("JobID"))).ifPresent(this::place);
      }
    }
  }

  synchronized List<Map<String, Object>> clients() {
    return nodes.stream().map(Node::stub).toList();
  }

  synchronized Optional<ObjectNode> job(String id) {
    return Optional.ofNullable(jobs.get(id)).map(ObjectNode::deepCopy);
  }

  synchronized List<ObjectNode> jobs(String prefix) {
    return jobs.values().stream()
        .filter(job -> job.path("ID").asText().startsWith(prefix))
        .map(ObjectNode::deepCopy)
        .toList();
  }

  /** Why a job's version is not taken; empty if it is. */
  synchronized Optional<String> register(ObjectNode job, boolean enforce, long modifyIndex) {
    String id = job.path("ID").asText();
    ObjectNode known = jobs.get(id);
    if (enforce) {
      String prefix = "Enforcing job modify index " + modifyIndex + ": ";
      if (known == null && modifyIndex != 0) {
        return Optional.of(prefix + "job does not exist");
      }
      if (known != null && modifyIndex == 0) {
        return Optional.of(prefix + "job already exists");
      }
      if (known != null && known.path("JobModifyIndex").asLong() != modifyIndex) {
        return Optional.of(
            prefix
                + "job exists with conflicting job modify index: "
                + known.path("JobModifyIndex").asLong());
      }
    }
    ObjectNode stored = job.deepCopy();
    long now = ++index;
    stored.put("CreateIndex", known == null ? now : known.path("CreateIndex").asLong());
    stored.put("ModifyIndex", now).put("JobModifyIndex", now);
    stored.put("Version", known == null ? 0 : known.path("Version").asLong() + 1);
    stored.put("Status", "pending");
    if (!stored.has("Stop")) {
      stored.put("Stop", false);
    }
    Deployments.canonicalize(stored, deploysOnlyWhenAsked);
    jobs.put(id, stored);
    history.add("register " + id);
    allocations.stream().filter(each -> isOf(each, id)).forEach(this::stop);
    place(stored);
    return Optional.empty();
  }

  synchronized void deregister(String id, boolean purge) {
    ObjectNode job = purge ? jobs.remove(id) : jobs.get(id);
    if (job == null) {
      return;
    }
    job.put("Stop", true).put("ModifyIndex", ++index);
    history.add((purge ? "purge " : "stop ") + id);
    evaluations.stream()
        .filter(each -> each.get("JobID").equals(id) && each.get("Status").equals("blocked"))
        .forEach(each -> each.put("Status", "cancelled"));
    allocations.stream().filter(each -> isOf(each, id)).forEach(this::stop);
  }

  private static boolean isOf(Alloc allocation, String jobId) {
    return allocation.job.path("ID").asText().equals(jobId) && allocation.desired.equals("run");
  }

  private void stop(Alloc allocation) {
    allocation.desired = "stop";
    allocation.modifyIndex = ++index;
    if (!allocation.hasEnded()) {
      tasks.stop(this, allocation);
    }
  }

  /** Which groups of a job would not be placed. */
  synchronized Map<String, Object> plan(JsonNode job) {
    Map<String, Object> failed = new LinkedHashMap<>();
    List<Alloc> tried = new ArrayList<>();
    for (JsonNode group : job.path("TaskGroups")) {
      ObjectNode alone = job.deepCopy();
      alone.putArray("TaskGroups").add(group);
      Metric metric = new Metric();
      Optional<Node> node = choose(alone, metric, tried);
      if (node.isPresent()) {
        tried.add(new Alloc("plan", alone, node.get(), Map.of(), 0, 0));
      } else {
        failed.put(group.path("Name").asText(), metric.json());
      }
    }
    return failed;
  }

  private void place(ObjectNode job) {
    Map<String, Object> evaluation = evaluation(job, "complete");
    Metric metric = new Metric();
    Optional<Node> node = choose(job, metric, List.of());
    if (node.isEmpty()) {
      String group = job.path("TaskGroups").path(0).path("Name").asText();
      Map<String, Object> blocked = evaluation(job, "blocked");
      evaluation.put("BlockedEval", blocked.get("ID"));
      evaluation.put("FailedTGAllocs", Map.of(group, metric.json()));
      blocked.put("FailedTGAllocs", Map.of(group, metric.json()));
      return;
    }
    Map<String, Integer> ports = new LinkedHashMap<>();
    List<JsonNode> networks = new ArrayList<>();
    JsonNode group = job.path("TaskGroups").path(0);
    group.path("Networks").forEach(networks::add);
    group.path("Tasks").path(0).path("Resources").path("Networks").forEach(networks::add);
    for (JsonNode network : networks) {
      network
          .path("DynamicPorts")
          .forEach(each -> ports.put(each.path("Label").asText(), tasks.port().orElse(++port)));
      network
          .path("ReservedPorts")
          .forEach(each -> ports.put(each.path("Label").asText(), each.path("Value").asInt()));
    }
    Alloc allocation =
        new Alloc(
            UUID.randomUUID().toString(),
            job.deepCopy(),
            node.get(),
            ports,
            ++index,
            job.path("Version").asLong());
    allocation.deployment = Deployments.begin(job);
    allocation.event("Received", "Task received by client");
    allocations.add(allocation);
    history.add("place " + job.path("ID").asText() + " on " + node.get().name());
    tasks.start(this, allocation);
  }

  private Map<String, Object> evaluation(ObjectNode job, String status) {
    Map<String, Object> evaluation = new LinkedHashMap<>();
    evaluation.put("ID", UUID.randomUUID().toString());
    evaluation.put("JobID", job.path("ID").asText());
    evaluation.put("Type", "service");
    evaluation.put("Status", status);
    evaluation.put("StatusDescription", "");
    evaluation.put("FailedTGAllocs", null);
    evaluation.put("WaitUntil", "0001-01-01T00:00:00Z");
    evaluation.put("ModifyIndex", ++index);
    evaluations.add(evaluation);
    return evaluation;
  }

  /** What Nomad counts over the nodes that it looks at. */
  private static final class Metric {
    private int evaluated;
    private final Map<String, Integer> available = new TreeMap<>();
    private final Map<String, Integer> filtered = new TreeMap<>();
    private final Map<String, Integer> exhausted = new TreeMap<>();

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("NodesEvaluated", evaluated);
      json.put("NodesFiltered", filtered.values().stream().mapToInt(Integer::intValue).sum());
      json.put("NodesAvailable", available);
      json.put("ConstraintFiltered", filtered.isEmpty() ? null : filtered);
      json.put("NodesExhausted", exhausted.values().stream().mapToInt(Integer::intValue).sum());
      json.put("DimensionExhausted", exhausted.isEmpty() ? null : exhausted);
      json.put("QuotaExhausted", null);
      return json;
    }
  }

  private Optional<Node> choose(JsonNode job, Metric metric, List<Alloc> besides) {
    JsonNode task = job.path("TaskGroups").path(0).path("Tasks").path(0);
    for (JsonNode datacenter : job.path("Datacenters")) {
      // As versions before 1.5 do, which know no patterns.
      if (!datacenter.asText().contains("*")) {
        metric.available.put(datacenter.asText(), 0);
      }
    }
    Optional<Node> chosen = Optional.empty();
    for (Node node : nodes) {
      if (!node.isIn(job.path("Datacenters"))) {
        continue;
      }
      metric.available.merge(node.datacenter(), 1, Integer::sum);
      metric.evaluated++;
      Optional<String> filter = node.filter(job, task);
      Optional<String> lack = filter.isPresent() ? filter : lack(node, job, besides);
      if (filter.isPresent()) {
        metric.filtered.merge(filter.get(), 1, Integer::sum);
      } else if (lack.isPresent()) {
        metric.exhausted.merge(lack.get(), 1, Integer::sum);
      } else if (chosen.isEmpty()) {
        chosen = Optional.of(node);
      }
    }
    return chosen;
  }

  private Optional<String> lack(Node node, JsonNode job, List<Alloc> besides) {
    int cpu = node.cpu() - amount(job, "CPU");
    int memory = node.memory() - amount(job, "MemoryMB");
    List<Alloc> there = new ArrayList<>(besides);
    allocations.stream()
        .filter(each -> each.desired.equals("run") && !each.hasEnded())
        .forEach(there::add);
    for (Alloc each : there) {
      if (each.node.id().equals(node.id())) {
        cpu -= amount(each.job, "CPU");
        memory -= amount(each.job, "MemoryMB");
      }
    }
    return cpu < 0 ? Optional.of("cpu") : memory < 0 ? Optional.of("memory") : Optional.empty();
  }

  private static int amount(JsonNode job, String name) {
    return job.path("TaskGroups")
        .path(0)
        .path("Tasks")
        .path(0)
        .path("Resources")
        .path(name)
        .asInt();
  }

  /** The node says how a task is. */
  synchronized void report(Alloc allocation, String client, String task) {
    allocation.client = client;
    allocation.task = task;
    allocation.modifyIndex = ++index;
  }

  /** The time is up that deployments have: those whose tasks are not healthy have failed. */
  synchronized void endDeployments() {
    allocations.stream()
        .filter(each -> each.deployment == Alloc.Deployment.RUNNING)
        .forEach(each -> Deployments.end(each, tasks));
  }

  synchronized boolean passesChecks(String jobId) {
    return allocationsOf(jobId).stream()
        .filter(each -> isOf(each, jobId) && !each.taskOf().path("Services").isEmpty())
        .anyMatch(each -> Deployments.passesChecks(each, tasks));
  }

  /**
   * A task has failed for good on its node: Nomad puts off the next attempt, and makes none of one
   * that is part of a failed deployment (scheduler/reconcile.go, hashicorp/nomad#8387).
   */
  synchronized void reschedule(Alloc allocation) {
    ObjectNode job = jobs.get(allocation.job.path("ID").asText());
    boolean givenUp = allocation.deployment == Alloc.Deployment.FAILED;
    if (job != null && allocation.desired.equals("run") && !givenUp) {
      Map<String, Object> later = evaluation(job, "pending");
      later.put("WaitUntil", Instant.now().plusSeconds(30).toString());
    }
  }

  synchronized List<Alloc> allocationsOf(String jobId) {
    return allocations.stream().filter(each -> each.job.path("ID").asText().equals(jobId)).toList();
  }

  synchronized Optional<Map<String, Object>> allocation(String id) {
    return allocations.stream().filter(each -> each.id.equals(id)).findFirst().map(Alloc::whole);
  }

  /** By job. */
  synchronized Map<String, String> running(String prefix) {
    Map<String, String> running = new TreeMap<>();
    for (Alloc each : allocations) {
      String job = each.job.path("ID").asText();
      if (job.startsWith(prefix) && each.client.equals("running")) {
        running.put(job, each.id);
      }
    }
    return running;
  }

  synchronized List<Map<String, Object>> stubs(String jobId) {
    return allocationsOf(jobId).stream().map(Alloc::stub).toList();
  }

  synchronized List<Map<String, Object>> evaluationsOf(String jobId) {
    return evaluations.stream()
        .filter(each -> each.get("JobID").equals(jobId))
        .map(each -> (Map<String, Object>) new LinkedHashMap<>(each))
        .toList();
  }

  /** Changes whenever anything of the job does. */
  synchronized long modifyIndex(String jobId) {
    return allocationsOf(jobId).stream().mapToLong(each -> each.modifyIndex).max().orElse(0);
  }
}
