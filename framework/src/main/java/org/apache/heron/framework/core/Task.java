package org.apache.heron.framework.core;

import java.util.List;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Traits;

/**
 * One copy of a container as it was launched.
 *
 * @param hostname of the agent
 * @param traits what the agent said of itself, so that constraints hold over a fail-over
 * @param cpus cores
 * @param memMb mebibytes
 * @param diskMb mebibytes
 * @param ports in the order of {@link org.apache.heron.spi.executor.ExecutorPort}
 */
public record Task(
    TaskId id,
    AgentId agent,
    String hostname,
    Traits traits,
    double cpus,
    double memMb,
    double diskMb,
    List<Integer> ports) {
  public Task {
    ports = List.copyOf(ports);
  }
}
