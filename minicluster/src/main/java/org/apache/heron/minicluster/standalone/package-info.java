/** The parts of a cluster as processes of their own, which can be killed as processes are. */
package org.apache.heron.minicluster.standalone;
