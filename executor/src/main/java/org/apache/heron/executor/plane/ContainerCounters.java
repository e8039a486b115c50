package org.apache.heron.executor.plane;

import java.util.List;
import java.util.Map;

/**
 * A snapshot of one container's data plane.
 *
 * @param state the topology's state as last planned: RUNNING, PAUSED or KILLED; WAITING before the
 *     first plan
 * @param uptimeMillis since the data plane was started
 * @param clamped whether spouts are held back at this moment
 * @param backPressureBy stream managers (this one included) that ask spouts to hold back
 * @param backPressureMillis for how long, in total, this container asked for it
 * @param peers state of each other container by stmgr id: CONNECTING, CONNECTED or DOWN
 * @param droppedTuples tuples thrown away, by reason
 * @param bytesSent to other containers
 * @param bytesReceived from other containers
 * @param instances by task id
 */
public record ContainerCounters(
    int containerId,
    String stmgrId,
    String topologyId,
    String state,
    long uptimeMillis,
    boolean clamped,
    List<String> backPressureBy,
    long backPressureMillis,
    Map<String, String> peers,
    Map<String, Long> droppedTuples,
    long bytesSent,
    long bytesReceived,
    List<InstanceCounters> instances) {}
