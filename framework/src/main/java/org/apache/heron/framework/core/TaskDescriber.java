package org.apache.heron.framework.core;

import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Placed;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Says to Mesos how a container is run. Pure. */
@FunctionalInterface
public interface TaskDescriber {
  /** The description of that container's new copy, on that agent, with exactly those resources. */
  TaskInfo describe(TaskId id, Placed placed, AgentId agent);
}
