/** ZooKeeper, Mesos masters and agents in one JVM, on loopback. Knows nothing of Heron. */
package org.apache.heron.minicluster;
