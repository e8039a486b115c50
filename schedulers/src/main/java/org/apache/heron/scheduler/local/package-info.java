/** Runs a topology's containers as processes of this host. */
package org.apache.heron.scheduler.local;
