package org.apache.heron.framework.core;

import org.apache.heron.framework.placement.Rules;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * What does not change while the framework runs.
 *
 * @param rules where containers may and should run
 * @param framework as it subscribes, without id
 */
public record Blueprint(
    String topology,
    String topologyId,
    FrameworkInfo framework,
    Timing timing,
    TaskDescriber tasks,
    Rules rules) {

  /** A topology without constraints, each of whose containers is launched as soon as it fits. */
  public Blueprint(
      String topology,
      String topologyId,
      FrameworkInfo framework,
      Timing timing,
      TaskDescriber tasks) {
    this(topology, topologyId, framework, timing, tasks, Rules.PLAIN);
  }
}
