/**
 * The border between a container's control (flags, topology manager, web shell) and its data plane
 * (stream manager and instances): what control starts, feeds with plans, and reads counters from.
 */
package org.apache.heron.executor.plane;
