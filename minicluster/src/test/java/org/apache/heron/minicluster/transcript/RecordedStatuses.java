package org.apache.heron.minicluster.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The statuses that recorded agents sent, and when they must have had them. */
final class RecordedStatuses {
  /** Task → its statuses in the order of their time. */
  private final Map<String, List<TaskStatus>> byTask = new LinkedHashMap<>();

  /** Seconds since 1970 at the recording's start. */
  private double base = Double.NEGATIVE_INFINITY;

  RecordedStatuses(Transcript transcript) throws Exception {
    for (Transcript.Line line : transcript.lines()) {
      Optional<TaskStatus> status = event(line).flatMap(RecordedStatuses::ofAgent);
      if (status.isPresent()) {
        base = Math.max(base, status.get().getTimestamp() - line.seconds());
        List<TaskStatus> known =
            byTask.computeIfAbsent(status.get().getTaskId().getValue(), id -> new ArrayList<>());
        if (known.stream().noneMatch(s -> s.getUuid().equals(status.get().getUuid()))) {
          known.add(status.get());
        }
      }
    }
  }

  /** A line's event as JSON, in whichever form it was recorded. */
  static Optional<JsonNode> event(Transcript.Line line) throws Exception {
    if (line.is("event")) {
      return Optional.of(line.get("event"));
    }
    if (line.is("event_b64")) {
      Event event = Event.parseFrom(line.get("event_b64").binaryValue());
      return Optional.of(MesosJson.parse(MesosJson.print(event)));
    }
    return Optional.empty();
  }

  /** The status in an UPDATE, if an agent or executor is its source. */
  static Optional<TaskStatus> ofAgent(JsonNode event) {
    JsonNode status = event.path("update").path("status");
    String source = status.path("source").asText();
    if (!source.equals("SOURCE_EXECUTOR") && !source.equals("SOURCE_AGENT")) {
      return Optional.empty();
    }
    try {
      return Optional.of(MesosJson.merge(status, TaskStatus.newBuilder()).build());
    } catch (MesosJsonException e) {
      throw new IllegalArgumentException("recorded status " + status + " is none", e);
    }
  }

  /** What agents had by then, task after task. */
  List<TaskStatus> until(double seconds) {
    return byTask.values().stream()
        .flatMap(List::stream)
        .filter(status -> status.getTimestamp() <= base + seconds)
        .toList();
  }

  /** The newest state of the task by then. */
  TaskState latest(TaskStatus status, double seconds) {
    TaskState latest = status.getState();
    for (TaskStatus each : byTask.get(status.getTaskId().getValue())) {
      if (each.getTimestamp() <= base + seconds && each.getTimestamp() > status.getTimestamp()) {
        latest = each.getState();
      }
    }
    return latest;
  }
}
