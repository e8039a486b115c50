package org.apache.heron.framework.core;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * What Mesos says of a task.
 *
 * @param agent absent when the master does not know the task
 * @param message for people; empty if there is none
 * @param reason Mesos' name of the reason; empty if there is none
 * @param uuid to acknowledge with; absent when no acknowledgement is wanted, as in answers to a
 *     reconciliation
 */
public record StatusUpdate(
    TaskId task,
    TaskState state,
    Optional<AgentId> agent,
    String message,
    String reason,
    Optional<ByteString> uuid) {
  /** What helps against an end that {@link #isSlowStart}. */
  public static final String SLOW_START_REMEDY =
      "have packages and images fetched from nearer by, or give agents a longer"
          + " --executor_registration_timeout (1mins unless set), which counts the fetching";

  private static final int LONGEST_STORY = 1_000;

  /** The same as Mesos writes it. */
  public static StatusUpdate of(TaskStatus status) {
    return new StatusUpdate(
        new TaskId(status.getTaskId().getValue()),
        status.getState(),
        status.hasAgentId()
            ? Optional.of(new AgentId(status.getAgentId().getValue()))
            : Optional.empty(),
        message(status),
        status.hasReason() ? status.getReason().name() : "",
        status.hasUuid() && !status.getUuid().isEmpty()
            ? Optional.of(status.getUuid())
            : Optional.empty());
  }

  /**
   * What Mesos says, and what it says only by a flag: that a health check failed (recording
   * health-checks: the task that was killed for it is said to be "terminated with signal").
   */
  private static String message(TaskStatus status) {
    if (!status.hasHealthy() || status.getHealthy()) {
      return status.getMessage();
    }
    String failed = "its health check failed";
    return status.getMessage().isBlank() ? failed : failed + ": " + status.getMessage();
  }

  /** One line about the end of a task: the message, or what else is known. */
  String story() {
    String text = message.isBlank() ? state.name() : cut(message).strip().replaceAll("\\s+", " ");
    return reason.isEmpty() || reason.equals("REASON_RECONCILIATION")
        ? text
        : text + " (" + reason + ")";
  }

  // It goes into the container's record, and a node in ZooKeeper is small.
  private static String cut(String text) {
    return text.length() <= LONGEST_STORY ? text : text.substring(0, LONGEST_STORY) + " …";
  }

  /**
   * True if the agent did not wait any longer for the copy to come up. Its clock runs while it
   * fetches URIs and pulls the image, and the end says nothing of them (Slave::launchExecutor and
   * registerExecutorTimeout in Mesos' src/slave/slave.cpp).
   */
  public boolean isSlowStart() {
    return reason.equals("REASON_EXECUTOR_REGISTRATION_TIMEOUT");
  }

  /** True if a URI could not be fetched; Mesos says so in words only (recording task-failures). */
  boolean isFailedFetch() {
    return reason.equals("REASON_CONTAINER_LAUNCH_FAILED") && message.contains("fetch");
  }
}
