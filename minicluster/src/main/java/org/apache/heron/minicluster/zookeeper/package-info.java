/** A real ZooKeeper server inside this JVM. */
package org.apache.heron.minicluster.zookeeper;
