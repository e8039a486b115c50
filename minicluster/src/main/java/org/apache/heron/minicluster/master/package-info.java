/**
 * A Mesos master: the v1 scheduler and operator APIs, pages, an allocator, leader nodes in
 * ZooKeeper. One thread ({@link org.apache.heron.minicluster.master.MasterLoop}) owns all state;
 * what HTTP and agents ask is carried out there in order. Held against the recordings of a real
 * master; what differs on purpose is listed, with reasons, in the tests' class {@code
 * DeliberateDifferences}.
 */
package org.apache.heron.minicluster.master;
