/** Starts, watches and ends containers' processes. */
package org.apache.heron.scheduler.local.process;
