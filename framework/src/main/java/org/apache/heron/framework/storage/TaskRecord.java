package org.apache.heron.framework.storage;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * A task that was, or is about to be, launched for a container. Immutable.
 *
 * @param taskId Mesos' id of it
 * @param attempt which launch of its container this is, from 1
 * @param agentId Mesos' id of the agent it was launched on
 * @param ports by the names of the executor's ports, in their order
 * @param since when it came into this phase, in whole milliseconds
 * @param lastStatus absent until there is one
 */
public record TaskRecord(
    String taskId,
    int attempt,
    String agentId,
    String hostname,
    Map<String, Integer> ports,
    TaskPhase phase,
    Instant since,
    Optional<StatusRecord> lastStatus) {

  /** Copies the ports, keeping their order, and cuts the time to what is kept. */
  public TaskRecord {
    ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    since = RecordFormat.millis(since);
  }

  /** The same task in another phase since then. */
  public TaskRecord withPhase(TaskPhase newPhase, Instant newSince) {
    return new TaskRecord(
        taskId, attempt, agentId, hostname, ports, newPhase, newSince, lastStatus);
  }

  /** The same task with a newer status. */
  public TaskRecord withStatus(StatusRecord status) {
    return new TaskRecord(
        taskId, attempt, agentId, hostname, ports, phase, since, Optional.of(status));
  }

  FrameworkRecords.Task toProto() {
    FrameworkRecords.Task.Builder proto =
        FrameworkRecords.Task.newBuilder()
            .setTaskId(taskId)
            .setAttempt(attempt)
            .setAgentId(agentId)
            .setHostname(hostname)
            .setPhase(phase.toProto())
            .setSinceMillis(since.toEpochMilli());
    ports.forEach(
        (name, number) ->
            proto.addPort(FrameworkRecords.Port.newBuilder().setName(name).setNumber(number)));
    lastStatus.map(StatusRecord::toProto).ifPresent(proto::setLastStatus);
    return proto.build();
  }

  static TaskRecord fromProto(FrameworkRecords.Task proto) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    proto.getPortList().forEach(port -> ports.put(port.getName(), port.getNumber()));
    return new TaskRecord(
        proto.getTaskId(),
        proto.getAttempt(),
        proto.getAgentId(),
        proto.getHostname(),
        ports,
        TaskPhase.fromProto(proto.getPhase()),
        Instant.ofEpochMilli(proto.getSinceMillis()),
        proto.hasLastStatus()
            ? Optional.of(StatusRecord.fromProto(proto.getLastStatus()))
            : Optional.empty());
  }
}
