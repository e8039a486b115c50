package org.apache.heron.framework.placement;

import java.time.Instant;

/**
 * An agent that failed us is taken last for a while.
 *
 * @param until when it is as good as any other
 * @param reason for people
 */
public record Penalty(Instant until, String reason) {}
