/** Counters of an instance, and the metrics that user code registers. */
package org.apache.heron.executor.metrics;
