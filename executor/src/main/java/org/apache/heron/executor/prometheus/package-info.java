/** A container's figures for Prometheus. */
package org.apache.heron.executor.prometheus;
