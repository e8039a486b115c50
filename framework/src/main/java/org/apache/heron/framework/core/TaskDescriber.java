package org.apache.heron.framework.core;

import java.util.List;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Placed;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Says to Mesos how a container is run. Pure. */
@FunctionalInterface
public interface TaskDescriber {
  /** The description of that container's new copy, on that agent, with exactly those resources. */
  TaskInfo describe(TaskId id, Placed placed, AgentId agent);

  /** URIs that each copy fetches before it begins, for the reason of a fetch that failed. */
  default List<String> fetched() {
    return List.of();
  }
}
