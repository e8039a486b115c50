/** Shared state in ZooKeeper. */
package org.apache.heron.statemgr.zookeeper.curator;
