package org.apache.heron.scheduler.aurora;

/** The names that a job's template may use as <code>{{NAME}}</code>; upstream's. */
enum AuroraField {
  /** The executor's program, relative to the sandbox. */
  EXECUTOR_BINARY,
  /** The executor's arguments without shard and ports, quoted for the shell. */
  TOPOLOGY_ARGUMENTS,
  /** First part of the job's key. */
  CLUSTER,
  /** Third part of the job's key. */
  ENVIRON,
  /** Second part of the job's key; the Unix user of the containers. */
  ROLE,
  /** Last part of the job's key. */
  TOPOLOGY_NAME,
  /** Cores of the largest container; Aurora gives all instances the same. */
  CPUS_PER_CONTAINER,
  /** Bytes of memory of the largest container. */
  RAM_PER_CONTAINER,
  /** Bytes of disk of the largest container. */
  DISK_PER_CONTAINER,
  /** Containers of the plan, and container 0. */
  NUM_CONTAINERS,
  /** {@code preferred} in prod, else {@code preemptible}. */
  TIER,
  /** Where heron-core.tar.gz is fetched. */
  CORE_PACKAGE_URI,
  /** Where the topology package is fetched. */
  TOPOLOGY_PACKAGE_URI
}
