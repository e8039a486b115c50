package org.apache.heron.framework.simulation;

import java.time.Duration;

/**
 * The scene of a history.
 *
 * @param containers of the topology, with container 0
 * @param agents that are there at first
 * @param failoverTimeout of the framework
 * @param faultsFor after this time no fault begins, and all that last are over
 * @param manner how the topology is run
 */
record Setting(
    int containers, int agents, Duration failoverTimeout, Duration faultsFor, Manner manner) {
  Setting withContainers(int fewer) {
    return new Setting(fewer, agents, failoverTimeout, faultsFor, manner);
  }

  Setting withAgents(int fewer) {
    return new Setting(containers, fewer, failoverTimeout, faultsFor, manner);
  }

  Setting withFaultsFor(Duration shorter) {
    return new Setting(containers, agents, failoverTimeout, shorter, manner);
  }

  Setting withManner(Manner other) {
    return new Setting(containers, agents, failoverTimeout, faultsFor, other);
  }

  @Override
  public String toString() {
    return containers
        + " containers, "
        + agents
        + " agents, fail-over time-out "
        + Words.of(failoverTimeout.toMillis())
        + ", faults for "
        + Words.of(faultsFor.toMillis())
        + ", "
        + manner;
  }
}
