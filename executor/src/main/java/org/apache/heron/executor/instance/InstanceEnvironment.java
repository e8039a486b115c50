package org.apache.heron.executor.instance;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.heron.executor.acking.AckSink;
import org.apache.heron.executor.plane.DataPlaneListener;
import org.apache.heron.executor.tuple.StreamTable;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * What all instances of a container share.
 *
 * @param rawTopologies gives a definition in heron-api's own class
 * @param outlets ways to tasks
 * @param acks ways to spouts' ledgers
 * @param clamped whether spouts are to hold back
 */
public record InstanceEnvironment(
    StreamTable streams,
    Function<Topology, org.apache.heron.api.generated.TopologyAPI.Topology> rawTopologies,
    UserObjects objects,
    OutletSource outlets,
    AckSink acks,
    BooleanSupplier clamped,
    InstanceSettings settings,
    DataPlaneListener listener) {}
