package org.apache.heron.spi.config;

import java.util.Optional;

/**
 * The configuration keys that are known by name; each constant's name is also a token, so that
 * {@code ${HERON_HOME}} in a file stands for the value of {@link #HERON_HOME}.
 */
public enum Key {
  HERON_HOME("heron.directory.home", Type.STRING, "/usr/local/heron"),
  HERON_BIN("heron.directory.bin", Type.STRING, "${HERON_HOME}/bin"),
  HERON_CONF("heron.directory.conf", Type.STRING, "${HERON_HOME}/conf"),
  HERON_LIB("heron.directory.lib", Type.STRING, "${HERON_HOME}/lib"),
  HERON_DIST("heron.directory.dist", Type.STRING, "${HERON_HOME}/dist"),
  HERON_ETC("heron.directory.etc", Type.STRING, "${HERON_HOME}/etc"),
  JAVA_HOME("heron.directory.java.home", Type.STRING, "${JAVA_HOME}"),
  CLUSTER_YAML("heron.config.file.cluster.yaml", Type.STRING, "${HERON_CONF}/cluster.yaml"),
  CLIENT_YAML("heron.config.file.client.yaml", Type.STRING, "${HERON_CONF}/client.yaml"),
  HEALTHMGR_YAML("heron.config.file.healthmgr.yaml", Type.STRING, "${HERON_CONF}/healthmgr.yaml"),
  METRICS_YAML("heron.config.file.metrics.yaml", Type.STRING, "${HERON_CONF}/metrics_sinks.yaml"),
  PACKING_YAML("heron.config.file.packing.yaml", Type.STRING, "${HERON_CONF}/packing.yaml"),
  SCHEDULER_YAML("heron.config.file.scheduler.yaml", Type.STRING, "${HERON_CONF}/scheduler.yaml"),
  STATEMGR_YAML("heron.config.file.statemgr.yaml", Type.STRING, "${HERON_CONF}/statemgr.yaml"),
  SYSTEM_YAML("heron.config.file.system.yaml", Type.STRING, "${HERON_CONF}/heron_internals.yaml"),
  UPLOADER_YAML("heron.config.file.uploader.yaml", Type.STRING, "${HERON_CONF}/uploader.yaml"),
  DOWNLOADER_YAML(
      "heron.config.file.downloader.yaml", Type.STRING, "${HERON_CONF}/downloader.yaml"),
  STATEFUL_YAML("heron.config.file.stateful.yaml", Type.STRING, "${HERON_CONF}/stateful.yaml"),
  CLUSTER("heron.config.cluster", Type.STRING, null),
  ROLE("heron.config.role", Type.STRING, null),
  ENVIRON("heron.config.environ", Type.STRING, null),
  SUBMIT_USER("heron.config.submit_user", Type.STRING, null),
  DRY_RUN("heron.config.dry_run", Type.BOOLEAN, Boolean.FALSE),
  DRY_RUN_FORMAT_TYPE("heron.config.dry_run_format_type", Type.STRING, null),
  VERBOSE("heron.config.verbose", Type.BOOLEAN, Boolean.FALSE),
  VERBOSE_GC("heron.config.verbose_gc", Type.BOOLEAN, Boolean.FALSE),
  CONFIG_PROPERTY("heron.config.property", Type.STRING, null),
  BUILD_VERSION("heron.build.version", Type.STRING, null),
  BUILD_TIME("heron.build.time", Type.STRING, null),
  BUILD_TIMESTAMP("heron.build.timestamp", Type.STRING, null),
  BUILD_HOST("heron.build.host", Type.STRING, null),
  BUILD_USER("heron.build.user", Type.STRING, null),
  UPLOADER_CLASS("heron.class.uploader", Type.STRING, null),
  LAUNCHER_CLASS("heron.class.launcher", Type.STRING, null),
  SCHEDULER_CLASS("heron.class.scheduler", Type.STRING, null),
  PACKING_CLASS("heron.class.packing.algorithm", Type.STRING, null),
  REPACKING_CLASS("heron.class.repacking.algorithm", Type.STRING, null),
  STATE_MANAGER_CLASS("heron.class.state.manager", Type.STRING, null),
  AURORA_CONTROLLER_CLASS(
      "heron.class.scheduler.aurora.controller.cli", Type.BOOLEAN, Boolean.TRUE),
  SCHEDULER_IS_SERVICE("heron.scheduler.is.service", Type.BOOLEAN, Boolean.TRUE),
  SCHEDULER_PROPERTIES("heron.scheduler.properties", Type.OBJECT, null),
  SCHEDULER_JAR("heron.jars.scheduler", Type.STRING, "${HERON_LIB}/scheduler/heron-scheduler.jar"),
  INTERNALS_CONFIG_FILE("heron.internals.config.file", Type.STRING, null),
  CORE_PACKAGE_DIRECTORY("heron.package.core.directory", Type.STRING, "${HERON_DIST}/heron-core"),
  CORE_PACKAGE_URI("heron.package.core.uri", Type.STRING, "${HERON_DIST}/heron-core.tar.gz"),
  USE_CORE_PACKAGE_URI("heron.package.use_core_uri", Type.BOOLEAN, Boolean.TRUE),
  TOPOLOGY_PACKAGE_URI("heron.package.topology.uri", Type.STRING, null),
  TOPOLOGY_ID("heron.topology.id", Type.STRING, null),
  TOPOLOGY_NAME("heron.topology.name", Type.STRING, null),
  TOPOLOGY_DEFINITION_FILE("heron.topology.definition.file", Type.STRING, null),
  TOPOLOGY_DEFINITION("heron.topology.definition", Type.STRING, null),
  TOPOLOGY_BINARY_FILE("heron.topology.binary.file", Type.STRING, null),
  TOPOLOGY_PACKAGE_FILE("heron.topology.package.file", Type.STRING, null),
  TOPOLOGY_PACKAGE_TYPE("heron.topology.package.type", Type.STRING, null),
  TOPOLOGY_CONTAINER_ID("heron.topology.container.id", Type.STRING, null),
  SCHEDULER_PROXY_CONNECTION_STRING("heron.proxy.connection.string", Type.STRING, null),
  SCHEDULER_PROXY_CONNECTION_TYPE("heron.proxy.connection.type", Type.STRING, null),
  STATEMGR_CONNECTION_STRING("heron.statemgr.connection.string", Type.STRING, null),
  STATEMGR_ROOT_PATH("heron.statemgr.root.path", Type.STRING, null),
  STMGR_RAM("heron.resources.stmgr.ram", Type.BYTES, 1073741824L),
  CKPTMGR_RAM("heron.resources.ckptmgr.ram", Type.BYTES, 1073741824L),
  METRICSMGR_RAM("heron.resources.metricsmgr.ram", Type.BYTES, 1073741824L),
  INSTANCE_RAM("heron.resources.instance.ram", Type.BYTES, 1073741824L),
  INSTANCE_CPU("heron.resources.instance.cpu", Type.DOUBLE, 1.0),
  INSTANCE_DISK("heron.resources.instance.disk", Type.BYTES, 1073741824L),
  STATEFUL_STORAGE_CLASSNAME("heron.statefulstorage.classname", Type.STRING, null),
  STATEFUL_STORAGE_CONF("heron.statefulstorage.config", Type.MAP, null),
  STATEFUL_STORAGE_CUSTOM_CLASSPATH("heron.statefulstorage.custom.classpath", Type.STRING, null),
  METRICSCACHEMGR_MODE("heron.topology.metricscachemgr.mode", Type.STRING, "disabled"),
  HEALTHMGR_MODE("heron.topology.healthmgr.mode", Type.STRING, null),
  INSTANCE_CLASSPATH("heron.classpath.instance", Type.STRING, "${HERON_LIB}/instance/*"),
  HEALTHMGR_CLASSPATH("heron.classpath.healthmgr", Type.STRING, "${HERON_LIB}/healthmgr/*"),
  METRICSMGR_CLASSPATH("heron.classpath.metrics.manager", Type.STRING, "${HERON_LIB}/metricsmgr/*"),
  METRICSCACHEMGR_CLASSPATH(
      "heron.classpath.metricscache.manager", Type.STRING, "${HERON_LIB}/metricscachemgr/*"),
  PACKING_CLASSPATH("heron.classpath.packing", Type.STRING, "${HERON_LIB}/packing/*"),
  SCHEDULER_CLASSPATH("heron.classpath.scheduler", Type.STRING, "${HERON_LIB}/scheduler/*"),
  STATEMGR_CLASSPATH("heron.classpath.statemgr", Type.STRING, "${HERON_LIB}/statemgr/*"),
  UPLOADER_CLASSPATH("heron.classpath.uploader", Type.STRING, "${HERON_LIB}/uploader/*"),
  CKPTMGR_CLASSPATH("heron.classpath.ckptmgr", Type.STRING, "${HERON_LIB}/ckptmgr/*"),
  STATEFULSTORAGE_CLASSPATH(
      "heron.classpath.statefulstorage", Type.STRING, "${HERON_LIB}/statefulstorage/*"),
  TOPOLOGY_CLASSPATH("heron.runtime.topology.class.path", Type.STRING, null),
  SCHEDULER_STATE_MANAGER_ADAPTOR(
      "heron.runtime.scheduler.state.manager.adaptor", Type.STRING, null),
  SCHEDULER_SHUTDOWN("heron.runtime.scheduler.shutdown", Type.STRING, null),
  PACKING_CLASS_INSTANCE("heron.runtime.packing.class.instance", Type.STRING, null),
  LAUNCHER_CLASS_INSTANCE("heron.runtime.launcher.class.instance", Type.STRING, null),
  COMPONENT_RAMMAP("heron.runtime.component.rammap", Type.STRING, null),
  NUM_CONTAINERS("heron.runtime.num.containers", Type.INTEGER, null),
  DOWNLOADER_PROTOCOLS("heron.downloader.registry", Type.MAP, null),
  HERON_RELEASE_PACKAGE("heron.release.package", Type.STRING, null),
  HERON_RELEASE_PACKAGE_ROLE("heron.release.package.role", Type.STRING, null),
  HERON_RELEASE_PACKAGE_NAME("heron.release.package.name", Type.STRING, null),
  HERON_RELEASE_PACKAGE_VERSION("heron.release.package.version", Type.STRING, null),
  HERON_UPLOADER_VERSION("heron.uploader.version", Type.STRING, null),
  HERON_CLUSTER_HOME("heron.directory.cluster.home", Type.STRING, "./heron-core"),
  HERON_CLUSTER_CONF("heron.directory.cluster.conf", Type.STRING, "./heron-conf"),
  HERON_CLUSTER_JAVA_HOME(
      "heron.directory.sandbox.java.home", Type.STRING, "/usr/lib/jvm/default-java"),
  OVERRIDE_YAML("heron.config.file.override.yaml", Type.STRING, "${HERON_CONF}/override.yaml"),
  APISERVER_OVERRIDE_YAML("heron.apiserver.file.override.yaml", Type.STRING, null),
  EXECUTOR_BINARY("heron.binaries.executor", Type.STRING, "${HERON_BIN}/heron-executor"),
  STMGR_BINARY("heron.binaries.stmgr", Type.STRING, "${HERON_BIN}/heron-stmgr"),
  TMANAGER_BINARY("heron.binaries.tmanager", Type.STRING, "${HERON_BIN}/heron-tmanager"),
  SHELL_BINARY("heron.binaries.shell", Type.STRING, "${HERON_BIN}/heron-shell"),
  PYTHON_INSTANCE_BINARY(
      "heron.binaries.python.instance", Type.STRING, "${HERON_BIN}/heron-python-instance"),
  CPP_INSTANCE_BINARY(
      "heron.binaries.cpp.instance", Type.STRING, "${HERON_BIN}/heron-cpp-instance"),
  DOWNLOADER_BINARY("heron.binaries.downloader", Type.STRING, "${HERON_BIN}/heron-downloader"),
  DOWNLOADER_CONF(
      "heron.binaries.downloader-conf", Type.STRING, "${HERON_BIN}/heron-downloader-config"),
  UPDATE_PROMPT("heron.command.update.prompt", Type.STRING, "disabled");

  /** What a key's value is. */
  public enum Type {
    /** Text; tokens in it are replaced. */
    STRING,
    /** True or false. */
    BOOLEAN,
    /** A whole number. */
    INTEGER,
    /** A decimal number. */
    DOUBLE,
    /** A whole number of bytes. */
    BYTES,
    /** A YAML map. */
    MAP,
    /** Set by the program only, never in a file. */
    OBJECT
  }

  private final String text;
  private final Type type;

  // A String, Boolean or number: immutable, which the compiler cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Object defaultValue;

  Key(String text, Type type, Object defaultValue) {
    this.text = text;
    this.type = type;
    this.defaultValue = defaultValue;
  }

  /** The key as it is written in YAML, for example {@code heron.directory.home}. */
  public String text() {
    return text;
  }

  /** What its value is. */
  public Type type() {
    return type;
  }

  /** The value when no file sets it, unexpanded. */
  public Optional<Object> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }
}
