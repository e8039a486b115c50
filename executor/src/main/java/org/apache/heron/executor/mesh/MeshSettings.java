package org.apache.heron.executor.mesh;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Who we are in the mesh, and its limits.
 *
 * @param topologyId only containers of the same topology may talk to us
 * @param stmgrId our name
 * @param bind where we listen
 * @param maxFrameBytes no frame is longer
 * @param windowBytes what may be under way to one task of another container
 * @param reconnectPause the longest pause between attempts to reach a peer
 * @param meetingTime for how long senders wait for a peer that was never reached yet
 * @param farewellTime for how long links to peers that a plan has dropped stay
 */
public record MeshSettings(
    String topologyId,
    String stmgrId,
    InetSocketAddress bind,
    int maxFrameBytes,
    int windowBytes,
    Duration reconnectPause,
    Duration meetingTime,
    Duration farewellTime) {}
