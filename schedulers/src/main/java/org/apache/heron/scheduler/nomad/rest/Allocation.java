package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt of Nomad to run a job's task on a node.
 *
 * @param desired what Nomad wants of it: run, stop or evict
 * @param client what the node says of it: pending, running, complete, failed, lost or unknown
 * @param restarts how often the node has started its task again
 * @param createIndex grows from one allocation to the next
 * @param createdMillis since the epoch
 * @param changedMillis since the epoch
 * @param event the last thing that happened to its task, as one line; may be empty
 * @param failure the last event that was a failure; may be empty
 * @param next the allocation that replaces it, if there is one
 */
public record Allocation(
    String id,
    String jobId,
    String nodeId,
    String nodeName,
    String desired,
    String client,
    String description,
    String task,
    int restarts,
    long createIndex,
    long createdMillis,
    long changedMillis,
    String event,
    String failure,
    Optional<String> next) {
  private static final Set<String> ENDED = Set.of("complete", "failed", "lost");
  private static final Set<String> FAILURES =
      Set.of(
          "Driver Failure",
          "Setup Failure",
          "Failed Artifact Download",
          "Failed Validation",
          "Template",
          "Terminated",
          "Not Restarting",
          "Restarting");

  /** True if nothing of it runs any more, as far as Nomad knows. */
  public boolean hasEnded() {
    return ENDED.contains(client);
  }

  /** True if it is to run, and does. */
  public boolean runs() {
    return client.equals("running") && desired.equals("run") && !task.equals("pending");
  }

  static Allocation of(JsonNode stub) {
    JsonNode states = stub.path("TaskStates");
    JsonNode state = states.elements().hasNext() ? states.elements().next() : states;
    String event = "";
    String failure = "";
    for (JsonNode each : state.path("Events")) {
      String text = text(each);
      if (!text.isEmpty()) {
        event = text;
        failure = FAILURES.contains(each.path("Type").asText()) ? text : failure;
      }
    }
    return new Allocation(
        stub.path("ID").asText(),
        stub.path("JobID").asText(),
        stub.path("NodeID").asText(),
        stub.path("NodeName").asText(),
        stub.path("DesiredStatus").asText(),
        stub.path("ClientStatus").asText(),
        stub.path("ClientDescription").asText(),
        state.path("State").asText(),
        state.path("Restarts").asInt(),
        stub.path("CreateIndex").asLong(),
        millis(stub.path("CreateTime")),
        millis(stub.path("ModifyTime")),
        event,
        failure,
        Optional.of(stub.path("NextAllocation").asText()).filter(next -> !next.isEmpty()));
  }

  // Newer versions say it in words; older ones have a field for each kind of event.
  private static String text(JsonNode event) {
    for (String field :
        new String[] {
          "DisplayMessage", "DriverError", "SetupError", "DownloadError", "Message", "RestartReason"
        }) {
      String text = event.path(field).asText("").strip().replaceAll("\\s+", " ");
      if (!text.isEmpty()) {
        return event.path("Type").asText() + ": " + text;
      }
    }
    return event.path("Type").asText();
  }

  private static long millis(JsonNode nanos) {
    return nanos.asLong() / 1_000_000;
  }
}
