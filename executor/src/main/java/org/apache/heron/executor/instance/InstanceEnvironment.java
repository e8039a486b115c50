package org.apache.heron.executor.instance;

import java.util.function.BooleanSupplier;
import org.apache.heron.executor.acking.AckSink;
import org.apache.heron.executor.plane.DataPlaneListener;
import org.apache.heron.executor.tuple.StreamTable;
import org.apache.heron.executor.tuple.UserObjects;

/**
 * What all instances of a container share.
 *
 * @param rawTopology the definition in heron-api's own class
 * @param outlets ways to tasks
 * @param acks ways to spouts' ledgers
 * @param clamped whether spouts are to hold back
 */
public record InstanceEnvironment(
    StreamTable streams,
    org.apache.heron.api.generated.TopologyAPI.Topology rawTopology,
    UserObjects objects,
    OutletSource outlets,
    AckSink acks,
    BooleanSupplier clamped,
    InstanceSettings settings,
    DataPlaneListener listener) {}
