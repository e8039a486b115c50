package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An allocation in the stand-in; guarded by its world's lock. */
final class Alloc {
  final String id;
  final JsonNode job;
  final Node node;
  final Map<String, Integer> ports;
  final long createIndex;
  final long version;
  final List<Map<String, Object>> events = new ArrayList<>();
  String desired = "run";
  String client = "pending";
  String task = "pending";
  int restarts;
  long modifyIndex;
  String next = "";
  Deployment deployment = Deployment.NONE;

  /** What becomes of the deployment that it is part of. */
  enum Deployment {
    /** Its job has none: updates are forced. */
    NONE,
    RUNNING,
    SUCCESSFUL,
    FAILED
  }

  Alloc(String id, JsonNode job, Node node, Map<String, Integer> ports, long index, long version) {
    this.id = id;
    this.job = job;
    this.node = node;
    this.ports = ports;
    this.createIndex = index;
    this.modifyIndex = index;
    this.version = version;
  }

  boolean hasEnded() {
    return client.equals("complete") || client.equals("failed") || client.equals("lost");
  }

  JsonNode taskOf() {
    return job.path("TaskGroups").path(0).path("Tasks").path(0);
  }

  void event(String type, String message) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("Type", type);
    event.put("DisplayMessage", message);
    event.put("Time", System.currentTimeMillis() * 1_000_000);
    events.add(event);
  }

  /** As it is read by its id, with what lists leave out. */
  Map<String, Object> whole() {
    List<Map<String, Object>> dynamic = new ArrayList<>();
    ports.forEach((label, port) -> dynamic.add(Map.of("Label", label, "Value", port, "To", 0)));
    Map<String, Object> network = Map.of("IP", "127.0.0.1", "DynamicPorts", dynamic);
    Map<String, Object> whole = new LinkedHashMap<>(stub());
    whole.put(
        "AllocatedResources",
        Map.of(
            "Tasks",
            Map.of(taskOf().path("Name").asText(), Map.of("Networks", List.of(network))),
            "Shared",
            Map.of("DiskMB", 300)));
    return whole;
  }

  Map<String, Object> stub() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("State", task);
    state.put("Failed", client.equals("failed"));
    state.put("Restarts", restarts);
    state.put("Events", events);
    Map<String, Object> stub = new LinkedHashMap<>();
    stub.put("ID", id);
    stub.put("Name", job.path("Name").asText() + "." + taskOf().path("Name").asText() + "[0]");
    stub.put("Namespace", "default");
    stub.put("JobID", job.path("ID").asText());
    stub.put("JobVersion", version);
    stub.put("TaskGroup", job.path("TaskGroups").path(0).path("Name").asText());
    stub.put("NodeID", node.id());
    stub.put("NodeName", node.name());
    stub.put("DesiredStatus", desired);
    stub.put("ClientStatus", client);
    stub.put("ClientDescription", client.equals("failed") ? "Failed tasks" : "");
    stub.put("TaskStates", Map.of(taskOf().path("Name").asText(), state));
    stub.put("NextAllocation", next);
    stub.put("CreateIndex", createIndex);
    stub.put("ModifyIndex", modifyIndex);
    stub.put("CreateTime", System.currentTimeMillis() * 1_000_000);
    stub.put("ModifyTime", System.currentTimeMillis() * 1_000_000);
    return stub;
  }
}
