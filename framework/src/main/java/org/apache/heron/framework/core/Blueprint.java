package org.apache.heron.framework.core;

import org.apache.heron.framework.placement.Rules;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * What does not change while the framework runs.
 *
 * @param rules where containers may and should run
 * @param framework as it subscribes, without id
 * @param disruption how running containers are replaced on purpose
 */
public record Blueprint(
    String topology,
    String topologyId,
    FrameworkInfo framework,
    Timing timing,
    TaskDescriber tasks,
    Rules rules,
    Disruption disruption) {

  /** A topology whose containers are replaced one at a time. */
  public Blueprint(
      String topology,
      String topologyId,
      FrameworkInfo framework,
      Timing timing,
      TaskDescriber tasks,
      Rules rules) {
    this(topology, topologyId, framework, timing, tasks, rules, Disruption.DEFAULT);
  }

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
