/** Carries a task's statuses to its framework: in order, on record, again until acknowledged. */
package org.apache.heron.minicluster.agent.status;
