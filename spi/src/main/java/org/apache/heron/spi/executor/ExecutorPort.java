package org.apache.heron.spi.executor;

/** The ports of one container, in the order in which they are allotted (upstream's). */
public enum ExecutorPort {
  /** Topology manager's (container 0) or stream manager's port for other containers. */
  SERVER("server", "--server-port"),
  /** Topology manager's HTTP control; in other containers the stream manager's local port. */
  TMANAGER_CONTROLLER("tmanager-ctl", "--tmanager-controller-port"),
  /** Topology manager's HTTP statistics. */
  TMANAGER_STATS("tmanager-stats", "--tmanager-stats-port"),
  /** The container's web shell. */
  SHELL("shell-port", "--shell-port"),
  /** Metrics manager. */
  METRICS_MANAGER("metrics-mgr", "--metrics-manager-port"),
  /** Reserved by upstream for a scheduler in container 0. */
  SCHEDULER("scheduler", "--scheduler-port"),
  /** Metrics cache. */
  METRICS_CACHE_SERVER("metrics-cache-m", "--metricscache-manager-server-port"),
  /** Metrics cache statistics. */
  METRICS_CACHE_STATS("metrics-cache-s", "--metricscache-manager-stats-port"),
  /** Checkpoint manager. */
  CHECKPOINT_MANAGER("ckptmgr", "--checkpoint-manager-port");

  private final String portName;
  private final String flag;

  ExecutorPort(String portName, String flag) {
    this.portName = portName;
    this.flag = flag;
  }

  /** The port's name in job descriptions. */
  public String portName() {
    return portName;
  }

  /** The executor's flag that carries it. */
  public String flag() {
    return flag;
  }
}
