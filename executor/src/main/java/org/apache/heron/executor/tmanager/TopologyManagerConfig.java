package org.apache.heron.executor.tmanager;

import java.net.InetAddress;
import java.time.Duration;

/**
 * What a topology manager needs to know.
 *
 * @param host under which others reach it
 * @param bind address of its three ports
 * @param serverPort for containers; 0 takes a free one, as for the others
 * @param controllerPort HTTP control
 * @param statsPort HTTP statistics
 * @param establishRetries how often a taken place is tried again
 * @param memberTimeout after which a silent container counts as lost
 * @param maxPacket bytes of the largest message from a container
 */
public record TopologyManagerConfig(
    String topologyName,
    String topologyId,
    String host,
    InetAddress bind,
    int serverPort,
    int controllerPort,
    int statsPort,
    int establishRetries,
    Duration establishInterval,
    Duration memberTimeout,
    int maxPacket,
    int historyMinutes,
    int maxExceptions) {}
