/** The shape of shared state, the same in ZooKeeper and in files: directories, names, bytes. */
package org.apache.heron.statemgr.tree;
