/** What master and agents say to each other: in one JVM, instead of Mesos' internal messages. */
package org.apache.heron.minicluster.protocol;
