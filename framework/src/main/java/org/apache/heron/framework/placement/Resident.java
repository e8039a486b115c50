package org.apache.heron.framework.placement;

import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;

/** A container that has a copy somewhere; it counts for constraints and for spreading. */
public record Resident(ContainerId container, AgentId agent, String hostname, Traits traits) {}
