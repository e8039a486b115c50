package org.apache.heron.executor.flags;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The flags of upstream's executor; each constant's name is the flag's, in capitals. */
enum Flag {
  SHARD,
  TOPOLOGY_NAME,
  TOPOLOGY_ID,
  TOPOLOGY_DEFN_FILE,
  STATE_MANAGER_CONNECTION,
  STATE_MANAGER_ROOT,
  STATE_MANAGER_CONFIG_FILE,
  TMANAGER_BINARY,
  STMGR_BINARY,
  METRICS_MANAGER_CLASSPATH,
  INSTANCE_JVM_OPTS,
  CLASSPATH,
  HERON_INTERNALS_CONFIG_FILE,
  OVERRIDE_CONFIG_FILE,
  COMPONENT_RAM_MAP,
  COMPONENT_JVM_OPTS,
  PKG_TYPE,
  TOPOLOGY_BINARY_FILE,
  HERON_JAVA_HOME,
  HERON_SHELL_BINARY,
  CLUSTER,
  ROLE,
  ENVIRONMENT,
  INSTANCE_CLASSPATH,
  METRICS_SINKS_CONFIG_FILE,
  SCHEDULER_CLASSPATH,
  PYTHON_INSTANCE_BINARY,
  CPP_INSTANCE_BINARY,
  METRICSCACHE_MANAGER_CLASSPATH,
  IS_STATEFUL,
  CHECKPOINT_MANAGER_CLASSPATH,
  STATEFUL_CONFIG_FILE,
  CHECKPOINT_MANAGER_RAM,
  HEALTH_MANAGER_MODE,
  HEALTH_MANAGER_CLASSPATH,
  SERVER_PORT,
  TMANAGER_CONTROLLER_PORT,
  TMANAGER_STATS_PORT,
  SHELL_PORT,
  METRICS_MANAGER_PORT,
  SCHEDULER_PORT,
  METRICSCACHE_MANAGER_SERVER_PORT,
  METRICSCACHE_MANAGER_STATS_PORT,
  CHECKPOINT_MANAGER_PORT,
  METRICSCACHE_MANAGER_MODE(Need.OPTIONAL),
  JVM_REMOTE_DEBUGGER_PORTS(Need.OPTIONAL),
  VERBOSE_GC(Need.SWITCH);

  /** Whether a flag must be there, and whether it has a value. */
  enum Need {
    /** Must be given, with a value (which may be empty). */
    REQUIRED,
    /** May be given, with a value. */
    OPTIONAL,
    /** May be given, without a value. */
    SWITCH
  }

  private final Need need;

  Flag() {
    this(Need.REQUIRED);
  }

  Flag(Need need) {
    this.need = need;
  }

  Need need() {
    return need;
  }

  /** As it is written, for example {@code --topology-name}. */
  String text() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Flag> of(String text) {
    return Arrays.stream(values()).filter(flag -> flag.text().equals(text)).findFirst();
  }
}
