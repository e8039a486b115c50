/**
 * {@code heron cluster} and {@code heron demo}: an embedded ZooKeeper and Mesos for one machine.
 * The only part of the product that knows the minicluster.
 */
package org.apache.heron.cli.cluster;
