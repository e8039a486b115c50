package org.apache.heron.apiserver;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's log, on standard error: whoever runs it keeps it. */
final class ServerLog {
  /**
   * A caller's words may hold what would look like an entry of ours, or what a terminal obeys:
   * control characters, 8-bit ones too, line separators, and what turns text around. In a stack
   * trace, which has several lines, each of them is indented: an entry is not.
   */
  private static final String PATTERN =
      "[%d{yyyy-MM-dd HH:mm:ss.SSS Z}] [%level] %logger{0}:"
          + " %replace(%msg){'[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+','?'}%n"
          + "%replace(%replace(%ex{full}){'[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n\\t]]+','?'}){'(?m)^','  '}";

  private ServerLog() {}

  static void begin(boolean verbose) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    // ZooKeeper's client writes its whole environment at INFO, and each command is a client.
    context.getLogger("org.apache.zookeeper").setLevel(Level.WARN);
    context.getLogger("org.apache.curator").setLevel(Level.WARN);
    if (verbose) {
      context.getLogger("org.apache.heron").setLevel(Level.TRACE);
    }
  }
}
