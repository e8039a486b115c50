package org.apache.heron.minicluster.agent.status;

import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskID;

/** A task of a framework: task ids are unique only within one. */
public record TaskKey(FrameworkID framework, TaskID task) {
  @Override
  public String toString() {
    return task.getValue() + " of framework " + framework.getValue();
  }
}
