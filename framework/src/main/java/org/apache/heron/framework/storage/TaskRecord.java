package org.apache.heron.framework.storage;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Traits;
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
 * @param traits what the agent said of itself
 * @param size what it was launched with; absent in records of before that was kept
 */
public record TaskRecord(
    String taskId,
    int attempt,
    String agentId,
    String hostname,
    Map<String, Integer> ports,
    TaskPhase phase,
    Instant since,
    Optional<StatusRecord> lastStatus,
    Traits traits,
    Optional<Size> size) {

  /** Copies the ports, keeping their order, and cuts the time to what is kept. */
  public TaskRecord {
    ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    since = RecordFormat.millis(since);
  }

  /** The same task in another phase since then. */
  public TaskRecord withPhase(TaskPhase newPhase, Instant newSince) {
    return new TaskRecord(
        taskId, attempt, agentId, hostname, ports, newPhase, newSince, lastStatus, traits, size);
  }

  /** The same task with a newer status. */
  public TaskRecord withStatus(StatusRecord status) {
    return new TaskRecord(
        taskId, attempt, agentId, hostname, ports, phase, since, Optional.of(status), traits, size);
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
    if (!traits.equals(Traits.NONE)) {
      proto.setTraits(toProto(traits));
    }
    size.map(TaskRecord::toProto).ifPresent(proto::setSize);
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
            : Optional.empty(),
        traits(proto.getTraits()),
        proto.hasSize() ? Optional.of(fromProto(proto.getSize())) : Optional.empty());
  }

  private static FrameworkRecords.Traits toProto(Traits traits) {
    FrameworkRecords.Traits.Builder proto = FrameworkRecords.Traits.newBuilder();
    if (!traits.region().isEmpty()) {
      proto.setRegion(traits.region());
    }
    if (!traits.zone().isEmpty()) {
      proto.setZone(traits.zone());
    }
    traits
        .attributes()
        .forEach(
            (name, value) ->
                proto.addAttribute(
                    FrameworkRecords.Attribute.newBuilder().setName(name).setValue(value)));
    return proto.build();
  }

  private static Traits traits(FrameworkRecords.Traits proto) {
    Map<String, String> attributes = new LinkedHashMap<>();
    proto
        .getAttributeList()
        .forEach(attribute -> attributes.put(attribute.getName(), attribute.getValue()));
    return new Traits(proto.getRegion(), proto.getZone(), attributes);
  }

  private static FrameworkRecords.Size toProto(Size size) {
    return FrameworkRecords.Size.newBuilder()
        .setMilliCpus(size.milliCpus())
        .setMilliMem(size.milliMem())
        .setMilliDisk(size.milliDisk())
        .setPorts(size.ports())
        .build();
  }

  private static Size fromProto(FrameworkRecords.Size proto) {
    return new Size(
        proto.getMilliCpus(), proto.getMilliMem(), proto.getMilliDisk(), proto.getPorts());
  }
}
