/**
 * An agent's directories: sandboxes for tasks, records for the agent that starts after this one.
 */
package org.apache.heron.minicluster.agent.checkpoint;
