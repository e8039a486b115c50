/**
 * A Mesos agent: runs command tasks as real processes in real sandboxes and reports them as Mesos
 * does. Resources are promised and counted, not enforced: a task may use more processor, memory or
 * disk than it was given.
 */
package org.apache.heron.minicluster.agent;
