package org.apache.heron.framework.status;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Aim;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Link;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.core.Tenure;
import org.apache.heron.framework.placement.Refusal;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/** The state in the words of {@link SchedulerStatus}. Pure. */
public final class StatusReport {
  private StatusReport() {}

  /**
   * The status.
   *
   * @param outside what hinders the framework outside of its core: store or connection
   */
  public static SchedulerStatus of(
      String topology, String topologyId, State state, String outside) {
    SchedulerStatus status =
        new SchedulerStatus(
            topology,
            topologyId,
            phase(state),
            state.frameworkId().orElse(""),
            state.master(),
            problem(state, outside),
            state.containers().stream().map(container -> container(state, container)).toList());
    // Who has just taken over may not have looked yet what was under way; it has once it connects.
    return state.link() == Link.DISCONNECTED ? status : status.withRenewing(renewing(state));
  }

  /** Whose turn is still to come, as a user wants it, and who may still run again in time. */
  private static List<Integer> renewing(State state) {
    return state.containers().stream()
        .filter(
            container ->
                container.aim() == Aim.RENEW || state.renewal().isReplacing(container.id()))
        .map(container -> container.id().value())
        .toList();
  }

  private static SchedulerStatus.Phase phase(State state) {
    return switch (state.phase()) {
      case SERVING ->
          state.frameworkId().isEmpty()
              ? SchedulerStatus.Phase.REGISTERING
              : SchedulerStatus.Phase.RUNNING;
      case KILLING, TEARING_DOWN -> SchedulerStatus.Phase.KILLING;
      case KILLED -> SchedulerStatus.Phase.KILLED;
      case FAILED, REMOVED -> SchedulerStatus.Phase.FAILED;
    };
  }

  private static String problem(State state, String outside) {
    if (state.phase() == Phase.KILLED) {
      return "";
    }
    if (!state.problem().isEmpty()) {
      return state.problem();
    }
    if (!outside.isEmpty()) {
      return outside;
    }
    if (state.tenure() == Tenure.SUSPENDED) {
      return "the connection with ZooKeeper is lost; nothing is begun until it is back";
    }
    if (state.link() != Link.SUBSCRIBED) {
      return "not subscribed with Mesos yet";
    }
    int waiting = state.containers().count(Life.WAITING);
    if (state.phase() != Phase.SERVING || waiting == 0) {
      return "";
    }
    String first =
        state.containers().stream()
            .filter(container -> container.life() == Life.WAITING)
            .findFirst()
            .map(container -> "container " + container.id() + " " + waits(state, container))
            .orElse("");
    return waiting == 1 ? first : waiting + " containers wait for offers: " + first;
  }

  private static SchedulerStatus.Container container(State state, Container container) {
    Optional<Task> task = container.task();
    Optional<Instant> retry =
        container.life() == Life.BACKING_OFF ? container.due() : Optional.empty();
    return new SchedulerStatus.Container(
        container.id().value(),
        container.life().name(),
        task.map(each -> each.id().value()).orElse(""),
        container.attempt(),
        container.failures(),
        task.map(each -> each.agent().value()).orElse(""),
        task.map(Task::hostname).orElse(""),
        container.size().cpus(),
        container.size().memMb(),
        container.size().diskMb(),
        ports(task.map(Task::ports).orElse(List.of())),
        reason(state, container),
        retry.map(Instant::toEpochMilli).orElse(0L),
        container.since().toEpochMilli());
  }

  private static String reason(State state, Container container) {
    if (container.life() != Life.WAITING || state.phase() != Phase.SERVING) {
      return container.reason();
    }
    String last = container.reason();
    return waits(state, container) + (last.isEmpty() ? "" : "; before: " + last);
  }

  private static String waits(State state, Container container) {
    if (state.link() != Link.SUBSCRIBED) {
      return "waits for Mesos";
    }
    Refusal refusal = state.refusals().get(container.id());
    return refusal == null ? Silence.of(state) : "waits for offers: " + refusal.text();
  }

  private static Map<String, Integer> ports(List<Integer> allotted) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    int next = 0;
    for (ExecutorPort port : ExecutorPort.values()) {
      if (next < allotted.size()) {
        ports.put(port.portName(), allotted.get(next++));
      }
    }
    return ports;
  }
}
