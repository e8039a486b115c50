package org.apache.heron.framework.storage;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.history.History;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * All that is on record of one container. Immutable.
 *
 * @param containerId 0 for the topology manager's
 * @param attempts how many tasks were launched for it so far; the next one's attempt is one more
 * @param task the one that stands for it now; absent while it waits
 * @param former tasks of earlier attempts that may still live and are to be killed
 * @param history what has happened to it
 */
public record ContainerRecord(
    int containerId,
    Goal goal,
    int attempts,
    Optional<TaskRecord> task,
    List<TaskRecord> former,
    BackoffRecord backoff,
    History history) {

  /** Copies the former tasks. */
  public ContainerRecord {
    if (containerId < 0) {
      throw new IllegalArgumentException("container id " + containerId + " is negative");
    }
    former = List.copyOf(former);
  }

  /** A container that was never launched. */
  public static ContainerRecord fresh(int containerId) {
    return new ContainerRecord(
        containerId, Goal.RUN, 0, Optional.empty(), List.of(), BackoffRecord.NONE, History.NONE);
  }

  /** The message that stands for this in ZooKeeper. */
  public FrameworkRecords.Container toProto() {
    FrameworkRecords.Container.Builder proto =
        FrameworkRecords.Container.newBuilder()
            .setFormat(RecordFormat.CURRENT)
            .setContainerId(containerId)
            .setGoal(goal.toProto())
            .setAttempts(attempts);
    task.map(TaskRecord::toProto).ifPresent(proto::setTask);
    former.forEach(earlier -> proto.addFormer(earlier.toProto()));
    if (!backoff.equals(BackoffRecord.NONE)) {
      proto.setBackoff(backoff.toProto());
    }
    HistoryRecord.toProto(history).ifPresent(proto::setHistory);
    return proto.build();
  }

  /** Reads it back. */
  public static ContainerRecord fromProto(FrameworkRecords.Container proto) {
    return new ContainerRecord(
        proto.getContainerId(),
        Goal.fromProto(proto.getGoal()),
        proto.getAttempts(),
        proto.hasTask() ? Optional.of(TaskRecord.fromProto(proto.getTask())) : Optional.empty(),
        proto.getFormerList().stream().map(TaskRecord::fromProto).toList(),
        proto.hasBackoff() ? BackoffRecord.fromProto(proto.getBackoff()) : BackoffRecord.NONE,
        HistoryRecord.fromProto(proto.getHistory()));
  }
}
