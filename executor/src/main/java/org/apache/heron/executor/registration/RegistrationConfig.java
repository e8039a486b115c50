package org.apache.heron.executor.registration;

import java.time.Duration;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/**
 * What a container tells about itself, and how often it reports.
 *
 * @param self address, ports, directory and process of this container
 * @param reconnect pause before it tries again
 * @param maxPacket bytes of the largest message from the topology manager
 */
public record RegistrationConfig(
    String topologyName,
    String topologyId,
    StMgr self,
    Duration reconnect,
    Duration heartbeat,
    Duration report,
    int maxPacket) {}
