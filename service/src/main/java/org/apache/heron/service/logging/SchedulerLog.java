package org.apache.heron.service.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The log of a scheduler process: {@code log-files/heron-<topology>-scheduler.log.0} with four
 * older ones, each of 20 MiB at most; {@code scheduler.log} in the working directory leads to it.
 */
public final class SchedulerLog {
  private static final int OLDER_FILES = 4;
  private static final long FILE_BYTES = 20L << 20;

  private SchedulerLog() {}

  /**
   * Sends all logging there.
   *
   * @return the file
   * @throws IOException if it cannot be written
   */
  public static Path begin(Path workingDirectory, String topology, boolean verbose)
      throws IOException {
    Path directory = Files.createDirectories(workingDirectory.resolve("log-files"));
    String base = "heron-" + topology + "-scheduler.log.";
    Path file = directory.resolve(base + "0");
    Files.writeString(
        file, "", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    configure(directory, base, file, verbose);
    link(workingDirectory.resolve("scheduler.log"), workingDirectory.relativize(file));
    return file;
  }

  private static void configure(Path directory, String base, Path file, boolean verbose) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("[%d{yyyy-MM-dd HH:mm:ss.SSS Z}] [%level] %logger{0}: %msg%n%ex{full}");
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(directory.resolve(base).toString().replace("%", "%%") + "%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLDER_FILES);
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(FILE_BYTES));
    appender.setContext(context);
    appender.setName("scheduler");
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    rolling.start();
    trigger.start();
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    // ZooKeeper's client writes its whole environment at INFO.
    context.getLogger("org.apache.zookeeper").setLevel(Level.WARN);
    context.getLogger("org.apache.curator").setLevel(Level.WARN);
    if (verbose) {
      context.getLogger("org.apache.heron").setLevel(Level.DEBUG);
    }
  }

  private static void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      Files.writeString(link, "the log is in " + target + System.lineSeparator());
    }
  }

  /** Flushes and closes the log. */
  public static void end() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }
}
