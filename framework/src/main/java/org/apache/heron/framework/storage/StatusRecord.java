package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.Optional;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * The last status that was taken in of a task. Immutable.
 *
 * @param state Mesos' name, for example {@code TASK_RUNNING}
 * @param reason Mesos' name, for example {@code REASON_COMMAND_EXECUTOR_FAILED}; empty if none
 * @param source Mesos' name, for example {@code SOURCE_EXECUTOR}; empty if none
 * @param message Mesos' text; empty if none
 * @param uuid what an acknowledgement names; absent if none is wanted
 * @param at when it was taken in, in whole milliseconds
 */
public record StatusRecord(
    String state,
    String reason,
    String source,
    String message,
    Optional<ByteString> uuid,
    Instant at) {

  /** Cuts the time to what is kept. */
  public StatusRecord {
    at = RecordFormat.millis(at);
  }

  FrameworkRecords.Status toProto() {
    FrameworkRecords.Status.Builder proto =
        FrameworkRecords.Status.newBuilder().setState(state).setAtMillis(at.toEpochMilli());
    RecordFormat.text(reason).ifPresent(proto::setReason);
    RecordFormat.text(source).ifPresent(proto::setSource);
    RecordFormat.text(message).ifPresent(proto::setMessage);
    uuid.ifPresent(proto::setUuid);
    return proto.build();
  }

  static StatusRecord fromProto(FrameworkRecords.Status proto) {
    return new StatusRecord(
        proto.getState(),
        proto.getReason(),
        proto.getSource(),
        proto.getMessage(),
        proto.hasUuid() ? Optional.of(proto.getUuid()) : Optional.empty(),
        Instant.ofEpochMilli(proto.getAtMillis()));
  }
}
