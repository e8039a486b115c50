package org.apache.heron.framework.core;

/** Names one command that someone waits for; given by the runtime. */
public record RequestId(long value) {}
