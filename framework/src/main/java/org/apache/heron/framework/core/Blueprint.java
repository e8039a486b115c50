package org.apache.heron.framework.core;

import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * What does not change while the framework runs.
 *
 * @param framework as it subscribes, without id
 */
public record Blueprint(
    String topology,
    String topologyId,
    FrameworkInfo framework,
    Timing timing,
    TaskDescriber tasks) {}
