/** Starts a task's processes in their sandbox, watches them, and kills whatever belongs to them. */
package org.apache.heron.minicluster.agent.process;
