package org.apache.heron.tests.integration;

import java.time.Duration;
import java.util.Set;

/** What can be done to the parts of a cluster. Each returns what was done, in words. */
interface Faults extends AutoCloseable {
  /** What this kind of cluster can suffer. */
  Set<Calamity> possible();

  /** A machine with an agent and its tasks goes down, for so long at least. */
  String machineDies(int which, Duration downtime) throws Exception;

  /** An agent's process dies and its tasks live on; it is back after so long. */
  String agentDies(int which, Duration downtime) throws Exception;

  /** The master that leads dies; after so long there is one again. */
  String masterDies(Duration downtime) throws Exception;

  /** ZooKeeper is away for so long. */
  String zooKeeperDies(Duration downtime) throws Exception;

  /** The master cuts the streams of all frameworks. */
  String streamsBreak() throws Exception;

  /** The process of one of the cluster's parts stands still for so long. */
  String partPauses(int which, Duration time) throws Exception;

  /** Waits until everything that went down is up again. */
  void awaitRepairs() throws Exception;

  @Override
  void close();
}
