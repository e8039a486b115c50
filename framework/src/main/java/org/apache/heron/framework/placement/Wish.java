package org.apache.heron.framework.placement;

import org.apache.heron.framework.identity.ContainerId;

/** A container that waits for a place. */
public record Wish(ContainerId container, Size size) {}
