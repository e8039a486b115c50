package org.apache.heron.executor.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The container's log files, under upstream's names: {@code heron-executor-<n>.stdout} in the
 * working directory, one file for each role and instance in the log directory. Every file is
 * bounded in size and number.
 */
final class LogFiles {
  private static final String PATTERN =
      "[%d{yyyy-MM-dd HH:mm:ss.SSS Z,UTC}] [%-5level] [%thread] %logger{20}: %msg%n";

  private final LoggerContext context;
  private final Path directory;
  private final long maxBytes;
  private final int maxFiles;

  /**
   * Takes over all logging of this process.
   *
   * @param directory of the roles' and instances' files
   * @param maxBytes of one file
   * @param maxFiles of one name
   */
  private LogFiles(Path directory, long maxBytes, int maxFiles) {
    this.context = (LoggerContext) LoggerFactory.getILoggerFactory();
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
  }

  /**
   * Sends everything to the executor's file, what the rooms of a container log also to the files of
   * their roles, and what instances log only to theirs.
   */
  static LogFiles open(
      Path workingDirectory, Path logDirectory, long maxBytes, int maxFiles, int shard, String id) {
    LogFiles files = new LogFiles(logDirectory, maxBytes, maxFiles);
    files.context.reset();
    files.context.setName("heron-executor-" + shard);
    Logger root = files.context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    Appender<ILoggingEvent> executor =
        files.rolling("executor", workingDirectory, "heron-executor-" + shard + ".stdout", ".%i");
    InstanceLogs instances = new InstanceLogs(files, executor);
    instances.setContext(files.context);
    instances.start();
    root.addAppender(instances);
    files.context.getLogger("org.apache.zookeeper").setLevel(Level.WARN);
    files.context.getLogger("org.apache.curator").setLevel(Level.WARN);
    files.context.getLogger("io.netty").setLevel(Level.WARN);
    files.role("org.apache.heron.executor.shell", "heron-shell-" + shard);
    if (shard == 0) {
      files.role("org.apache.heron.executor.tmanager", "heron-tmanager-" + id);
    } else {
      files.role("org.apache.heron.executor.stmgr", "heron-stmgr-stmgr-" + shard);
    }
    return files;
  }

  private void role(String logger, String name) {
    context.getLogger(logger).addAppender(named(name));
  }

  /** A started appender of {@code <log directory>/<name>.log.0} and so on. */
  Appender<ILoggingEvent> named(String name) {
    return rolling(name, directory, name + ".log.0", null);
  }

  private RollingFileAppender<ILoggingEvent> rolling(
      String name, Path parent, String file, String suffix) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setFile(parent.resolve(file).toString());
    appender.setAppend(true);

    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();
    appender.setEncoder(encoder);

    FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
    policy.setContext(context);
    policy.setParent(appender);
    String pattern = suffix == null ? file.substring(0, file.length() - 1) + "%i" : file + suffix;
    policy.setFileNamePattern(parent.resolve(pattern).toString());
    policy.setMinIndex(1);
    policy.setMaxIndex(Math.max(1, Math.min(maxFiles - 1, 20)));
    policy.start();
    appender.setRollingPolicy(policy);

    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(maxBytes));
    trigger.start();
    appender.setTriggeringPolicy(trigger);
    appender.start();
    return appender;
  }

  /** Writes out and closes every file. */
  void close() {
    context.stop();
  }
}
