package org.apache.heron.tests.integration;

/** What can happen to a cluster with a topology on it. */
enum Calamity {
  /** kill -9 of a scheduler's process, the leader's or one that stands by; another stands by. */
  SCHEDULER,
  /** kill -9 of each of them; a user starts them again. */
  ALL_SCHEDULERS,
  /** kill -9 of a container's process. */
  CONTAINER,
  /** kill -9 of each process of containers. */
  ALL_CONTAINERS,
  /** The machine of an agent goes down with all that runs on it, and comes up again. */
  MACHINE,
  /** The agent's process dies and is started again; its tasks live on. */
  AGENT,
  /** The leading master dies; another takes its place. */
  MASTER,
  /** ZooKeeper goes down and up again with its data. */
  ZOOKEEPER,
  /** The scheduler's event stream is cut. */
  STREAM,
  /** A scheduler's process is stopped for some seconds, then runs on as if nothing had been. */
  SCHEDULER_PAUSES,
  /** The same of ZooKeeper, the master or an agent. */
  PART_PAUSES
}
