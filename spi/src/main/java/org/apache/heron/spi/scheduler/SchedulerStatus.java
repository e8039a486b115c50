package org.apache.heron.spi.scheduler;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a scheduler process says of itself, at {@code GET /api/v1/status} as JSON with these names.
 * Absent texts are empty, absent times 0 (milliseconds since the epoch).
 *
 * @param topology name
 * @param phase one word of {@link Phase}
 * @param frameworkId Mesos' id of the framework; empty until registered
 * @param master who leads, as host:port; empty while not connected
 * @param problem why it cannot go on, or what it waits for, as one line; empty if all is well
 * @param containers by id, container 0 first
 * @param renewing ids of those whose restart is still to come, or under way and not given up; null
 *     if that is not known, as of a scheduler that does not say it. See {@link #toRenew}
 */
public record SchedulerStatus(
    String topology,
    String topologyId,
    Phase phase,
    String frameworkId,
    String master,
    String problem,
    List<Container> containers,
    List<Integer> renewing) {

  /** A status that does not say what is still to be restarted. */
  public SchedulerStatus(
      String topology,
      String topologyId,
      Phase phase,
      String frameworkId,
      String master,
      String problem,
      List<Container> containers) {
    this(topology, topologyId, phase, frameworkId, master, problem, containers, null);
  }

  /** Where the scheduler is in its life. */
  public enum Phase {
    /** Another process leads, or none yet; {@link SchedulerStatus#problem} says which. */
    STANDING_BY,
    /** Not yet subscribed with the cluster. */
    REGISTERING,
    /** Subscribed; containers are being launched, run, or wait, each as its state says. */
    RUNNING,
    /** A kill is under way. */
    KILLING,
    /** Killed; nothing is left. */
    KILLED,
    /** It cannot go on; {@link SchedulerStatus#problem} says why. */
    FAILED
  }

  /**
   * One container.
   *
   * @param state one word: WAITING (for an offer), BACKING_OFF, STAGING, STARTING, RUNNING,
   *     KILLING, UNREACHABLE, or any other name of a task state
   * @param attempt the number of its latest task; numbers are never used twice, so that of a new
   *     container may begin high
   * @param failures how often in a row it has failed
   * @param reason the last failure, or why it waits; empty if there is none
   * @param retryAt when a container that backs off is tried again
   * @param since when it came into this state
   * @param ports by the names of the executor's ports
   */
  public record Container(
      int id,
      String state,
      String taskId,
      int attempt,
      int failures,
      String agentId,
      String hostname,
      double cpus,
      double memMb,
      double diskMb,
      Map<String, Integer> ports,
      String reason,
      long retryAt,
      long since) {}

  /** The same, which says that these, and no others, are still to be restarted. */
  public SchedulerStatus withRenewing(Collection<Integer> ids) {
    return new SchedulerStatus(
        topology,
        topologyId,
        phase,
        frameworkId,
        master,
        problem,
        containers,
        ids.stream().sorted().distinct().toList());
  }

  /** Containers whose restart somebody may still wait for; absent if that is not known. */
  public Optional<Set<Integer>> toRenew() {
    return Optional.ofNullable(renewing).map(Set::copyOf);
  }

  /** True if every container runs. */
  public boolean allRunning() {
    return phase == Phase.RUNNING
        && !containers.isEmpty()
        && containers.stream().allMatch(container -> container.state().equals("RUNNING"));
  }
}
