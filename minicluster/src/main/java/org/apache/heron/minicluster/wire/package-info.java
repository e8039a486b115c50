/**
 * The line between a master and an agent that are processes of their own.
 *
 * <p>An agent registers by a POST of its registration to {@link
 * org.apache.heron.minicluster.wire.MasterCalls#PATH} at the master's port. The answer is a stream
 * that stays open while both live: what the master asks of the agent, as RecordIO. What the agent
 * says after that are POSTs to the stream's path, one at a time. Either side takes the end of the
 * stream for the end of the other; the agent then registers anew, with all that it runs.
 */
package org.apache.heron.minicluster.wire;
