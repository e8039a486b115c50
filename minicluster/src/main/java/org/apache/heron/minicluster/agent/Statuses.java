package org.apache.heron.minicluster.agent;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.heron.minicluster.agent.process.ExitStatus;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ContainerID;
import org.apache.mesos.v1.Protos.ContainerStatus;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.NetworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * Words a task's statuses as Mesos' agent and command executor do (recordings task-failures,
 * executor-dies, health-checks, drain). Pure but for the uuids.
 */
final class Statuses {
  private final String address;

  /**
   * @param address the IP address that tasks are told to be reached at
   */
  Statuses(String address) {
    this.address = address;
  }

  /** A status that comes from the executor: it knows container and health. */
  TaskStatus.Builder fromExecutor(TaskRun run, TaskState state) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(run.task.getTaskId())
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR);
    run.healthy.ifPresent(status::setHealthy);
    run.container.ifPresent(
        container ->
            status.setContainerStatus(
                ContainerStatus.newBuilder()
                    .setContainerId(ContainerID.newBuilder().setValue(run.run.container()))
                    .addNetworkInfos(
                        NetworkInfo.newBuilder()
                            .addIpAddresses(
                                NetworkInfo.IPAddress.newBuilder()
                                    .setProtocol(NetworkInfo.Protocol.IPv4)
                                    .setIpAddress(address)))
                    .setExecutorPid((int) container.executorPid())));
    return status;
  }

  /** A status that comes from the agent itself. */
  TaskStatus.Builder fromAgent(
      TaskRun run, TaskState state, TaskStatus.Reason reason, String message) {
    return TaskStatus.newBuilder()
        .setTaskId(run.task.getTaskId())
        .setState(state)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(reason)
        .setMessage(message);
  }

  /** The last status of a task whose executor did not come up in time. */
  TaskStatus.Builder notRegistered(TaskRun run, Duration limit) {
    return fromAgent(
        run,
        TaskState.TASK_FAILED,
        TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT,
        "Executor did not register within " + inMesosUnits(limit));
  }

  /** As Mesos prints a duration: in the largest unit of which there is one. */
  static String inMesosUnits(Duration duration) {
    long millis = duration.toMillis();
    if (millis >= 60_000) {
      return decimal(millis, 60_000) + "mins";
    }
    return millis >= 1_000 ? decimal(millis, 1_000) + "secs" : millis + "ms";
  }

  private static String decimal(long millis, long unit) {
    return BigDecimal.valueOf(millis)
        .divide(BigDecimal.valueOf(unit), 3, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** The last status of a task whose processes have ended. */
  TaskStatus.Builder ended(TaskRun run, Optional<ExitStatus> exit) {
    if (exit.isEmpty()) {
      return fromAgent(
          run,
          TaskState.TASK_FAILED,
          TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
          "Executor terminated");
    }
    TaskState state;
    if (run.outOfTime) {
      state = TaskState.TASK_FAILED;
    } else if (run.isKilled()) {
      state = TaskState.TASK_KILLED;
    } else {
      state = exit.get().succeeded() ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    }
    TaskStatus.Builder status = fromExecutor(run, state).setMessage(exit.get().message());
    if (run.outOfTime) {
      status.setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
    }
    return status;
  }

  /** Adds what every status has: agent, executor, time and uuid, and that the agent drains. */
  static TaskStatus complete(
      TaskStatus.Builder status, AgentID agent, Instant now, Optional<DrainConfig> drain) {
    TaskState state = status.getState();
    if (drain.isPresent() && (state == TaskState.TASK_KILLED || state == TaskState.TASK_KILLING)) {
      status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
      if (state == TaskState.TASK_KILLED && drain.get().getMarkGone()) {
        status.setState(TaskState.TASK_GONE_BY_OPERATOR);
      }
    }
    return status
        .setAgentId(agent)
        .setExecutorId(ExecutorID.newBuilder().setValue(status.getTaskId().getValue()))
        .setTimestamp(now.getEpochSecond() + now.getNano() / 1e9)
        .setUuid(uuid())
        .build();
  }

  private static ByteString uuid() {
    UUID random = UUID.randomUUID();
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(random.getMostSignificantBits()).putLong(random.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }
}
