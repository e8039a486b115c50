package org.apache.heron.framework.storage;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.framework.history.History;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * What is on record of a topology's framework. Immutable.
 *
 * @param topologyName as submitted
 * @param topologyId of this submission; another id is another life of the same name
 * @param frameworkId Mesos' id of the framework; absent until Mesos has given one
 * @param principal as which the framework subscribed last, empty if as none; absent if that is not
 *     known, as in records of versions that did not keep it
 * @param goal {@link Goal#REMOVE} from the moment on at which a kill was taken in
 * @param since when it came to this goal, in whole milliseconds
 * @param attemptFloor the highest attempt of any container ever, so that one whose record is gone
 *     begins above it; 0 if none was launched
 * @param history what has happened to the framework as a whole
 */
public record FrameworkRecord(
    String topologyName,
    String topologyId,
    Optional<String> frameworkId,
    Optional<String> principal,
    Goal goal,
    Instant since,
    int attemptFloor,
    History history) {

  /** Cuts the time to what is kept. */
  public FrameworkRecord {
    since = RecordFormat.millis(since);
  }

  /** The same framework, registered under this id. */
  public FrameworkRecord withFrameworkId(String id) {
    return new FrameworkRecord(
        topologyName, topologyId, Optional.of(id), principal, goal, since, attemptFloor, history);
  }

  /** The same framework with another goal since then. */
  public FrameworkRecord withGoal(Goal newGoal, Instant newSince) {
    return new FrameworkRecord(
        topologyName, topologyId, frameworkId, principal, newGoal, newSince, attemptFloor, history);
  }

  /** The message that stands for this in ZooKeeper. */
  public FrameworkRecords.Framework toProto() {
    FrameworkRecords.Framework.Builder proto =
        FrameworkRecords.Framework.newBuilder()
            .setFormat(RecordFormat.CURRENT)
            .setTopologyName(topologyName)
            .setTopologyId(topologyId)
            .setGoal(goal.toProto())
            .setSinceMillis(since.toEpochMilli());
    frameworkId.ifPresent(proto::setFrameworkId);
    principal.ifPresent(proto::setPrincipal);
    if (attemptFloor > 0) {
      proto.setAttemptFloor(attemptFloor);
    }
    HistoryRecord.toProto(history).ifPresent(proto::setHistory);
    return proto.build();
  }

  /** Reads it back. */
  public static FrameworkRecord fromProto(FrameworkRecords.Framework proto) {
    return new FrameworkRecord(
        proto.getTopologyName(),
        proto.getTopologyId(),
        proto.hasFrameworkId() ? Optional.of(proto.getFrameworkId()) : Optional.empty(),
        proto.hasPrincipal() ? Optional.of(proto.getPrincipal()) : Optional.empty(),
        Goal.fromProto(proto.getGoal()),
        Instant.ofEpochMilli(proto.getSinceMillis()),
        proto.getAttemptFloor(),
        HistoryRecord.fromProto(proto.getHistory()));
  }
}
