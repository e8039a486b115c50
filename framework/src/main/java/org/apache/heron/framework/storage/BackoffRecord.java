package org.apache.heron.framework.storage;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * How a container that keeps failing is held back. Immutable.
 *
 * @param failures in a row; 0 or more
 * @param nextTry not before then, in whole milliseconds; absent if it may be launched at once
 * @param reason why its last task ended; empty if none has
 */
public record BackoffRecord(int failures, Optional<Instant> nextTry, String reason) {
  /** A container that never failed. */
  public static final BackoffRecord NONE = new BackoffRecord(0, Optional.empty(), "");

  /** Cuts the time to what is kept. */
  public BackoffRecord {
    nextTry = nextTry.map(RecordFormat::millis);
  }

  FrameworkRecords.Backoff toProto() {
    FrameworkRecords.Backoff.Builder proto =
        FrameworkRecords.Backoff.newBuilder().setFailures(failures);
    nextTry.map(Instant::toEpochMilli).ifPresent(proto::setNextTryMillis);
    RecordFormat.text(reason).ifPresent(proto::setReason);
    return proto.build();
  }

  static BackoffRecord fromProto(FrameworkRecords.Backoff proto) {
    return new BackoffRecord(
        proto.getFailures(),
        proto.hasNextTryMillis()
            ? Optional.of(Instant.ofEpochMilli(proto.getNextTryMillis()))
            : Optional.empty(),
        proto.getReason());
  }
}
