package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
 * @param events all that Nomad remembers of what happened to its task, oldest first
 * @param next the allocation that replaces it, if there is one
 * @param addresses of its ports by label, as host:port, once they were asked for
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
    List<Event> events,
    Optional<String> next,
    Map<String, String> addresses) {
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

  public Allocation {
    events = List.copyOf(events);
    addresses = Map.copyOf(addresses);
  }

  /**
   * Something that happened to its task.
   *
   * @param at milliseconds since the epoch
   * @param type Nomad's word: Received, Started, Terminated, …
   * @param text one line; may be empty
   */
  public record Event(long at, String type, String text) {
    String line() {
      return text.isEmpty() ? type : type + ": " + text;
    }
  }

  /** The same, with its ports. */
  public Allocation with(Map<String, String> ports) {
    return new Allocation(
        id,
        jobId,
        nodeId,
        nodeName,
        desired,
        client,
        description,
        task,
        restarts,
        createIndex,
        createdMillis,
        changedMillis,
        event,
        failure,
        events,
        next,
        ports);
  }

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
    List<Event> events = new ArrayList<>();
    state
        .path("Events")
        .forEach(
            each ->
                events.add(
                    new Event(millis(each.path("Time")), each.path("Type").asText(), text(each))));
    String event = "";
    String failure = "";
    for (Event each : events) {
      if (!each.line().isEmpty()) {
        event = each.line();
        failure = FAILURES.contains(each.type()) ? event : failure;
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
        events,
        Optional.of(stub.path("NextAllocation").asText()).filter(next -> !next.isEmpty()),
        Map.of());
  }

  /**
   * The addresses of an allocation's ports by label: of its task or, of later versions, shared by
   * its group; versions before 0.9 say it at another place.
   */
  static Map<String, String> addresses(JsonNode allocation) {
    Map<String, String> addresses = new TreeMap<>();
    for (String holder : List.of("/AllocatedResources/Tasks", "/TaskResources")) {
      allocation.at(holder).forEach(task -> task.path("Networks").forEach(n -> add(n, addresses)));
    }
    allocation
        .at("/AllocatedResources/Shared/Networks")
        .forEach(network -> add(network, addresses));
    return addresses;
  }

  private static void add(JsonNode network, Map<String, String> addresses) {
    for (String kind : List.of("DynamicPorts", "ReservedPorts")) {
      for (JsonNode port : network.path(kind)) {
        String label = port.path("Label").asText();
        int number = port.path("Value").asInt();
        if (!label.isEmpty() && number > 0) {
          addresses.putIfAbsent(label, network.path("IP").asText() + ":" + number);
        }
      }
    }
  }

  // Newer versions say it in words; older ones have a field for each kind of event.
  private static String text(JsonNode event) {
    for (String field :
        new String[] {
          "DisplayMessage", "DriverError", "SetupError", "DownloadError", "Message", "RestartReason"
        }) {
      String text = event.path(field).asText("").strip().replaceAll("\\s+", " ");
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private static long millis(JsonNode nanos) {
    return nanos.asLong() / 1_000_000;
  }
}
