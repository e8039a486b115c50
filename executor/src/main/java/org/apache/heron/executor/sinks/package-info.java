/** What metrics_sinks.yaml switches on, but for Prometheus: metrics in files. */
package org.apache.heron.executor.sinks;
