package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.heron.proto.framework.FrameworkRecords;

/** The bytes of records: which format they have, and what is wrong with those that have none. */
final class RecordFormat {
  /** Raised only by a change that an older reader would misread. */
  static final int CURRENT = 1;

  private RecordFormat() {}

  static ContainerRecord container(String node, ByteString bytes) {
    try {
      FrameworkRecords.Container proto = FrameworkRecords.Container.parseFrom(bytes);
      check(node, proto.getFormat());
      return ContainerRecord.fromProto(proto);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw unreadable(node, bytes, "container", e);
    }
  }

  static FrameworkRecord framework(String node, ByteString bytes) {
    try {
      FrameworkRecords.Framework proto = FrameworkRecords.Framework.parseFrom(bytes);
      check(node, proto.getFormat());
      return FrameworkRecord.fromProto(proto);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(node, bytes, "framework", e);
    }
  }

  static EpochRecord epoch(String node, ByteString bytes) {
    try {
      FrameworkRecords.Epoch proto = FrameworkRecords.Epoch.parseFrom(bytes);
      check(node, proto.getFormat());
      return EpochRecord.fromProto(proto);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(node, bytes, "epoch", e);
    }
  }

  /** Cuts a time to whole milliseconds, so that a record equals what is read back. */
  static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private static void check(String node, int format) {
    if (format != CURRENT) {
      throw new StorageException.Unreadable(
          node
              + " has format "
              + format
              + ", this version reads format "
              + CURRENT
              + ": run the version that wrote it",
          null);
    }
  }

  private static StorageException unreadable(
      String node, ByteString bytes, String kind, Exception cause) {
    return new StorageException.Unreadable(
        node
            + " holds "
            + bytes.size()
            + " bytes that are no "
            + kind
            + " record ("
            + cause.getMessage()
            + "): "
            + remedy(kind),
        cause);
  }

  // What a scheduler that starts does without that record.
  private static String remedy(String kind) {
    return switch (kind) {
      case "container" ->
          "remove that node to go on; a task of it that runs is then ended and launched anew";
      case "framework" ->
          "set that node's data to nothing to go on, and keep its children; the framework is then"
              + " looked for in Mesos by its name and labels";
      default -> "remove that node to go on; it only tells who leads";
    };
  }
}
