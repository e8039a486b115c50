/** The one thread on which an agent decides, and its clock. */
package org.apache.heron.minicluster.agent.loop;
