package org.apache.heron.cli.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The libraries' logging in a command: warnings on standard error in the form of the command's own
 * lines, everything with {@code --verbose}. It is in force only in a JVM that called {@link
 * #activate}: other programs on the same class path have their own.
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {
  private static volatile boolean active;
  private static volatile boolean verbose;

  /** Created by logback, when the first logger is asked for. */
  public ConsoleLogging() {}

  /** To be called before anything logs. */
  public static void activate(boolean everything) {
    active = true;
    verbose = everything;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!active) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("[%d{yyyy-MM-dd HH:mm:ss Z}] [%level]: %msg%n%ex{" + depth() + "}");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger("ROOT");
    root.setLevel(verbose ? Level.INFO : Level.ERROR);
    root.addAppender(appender);
    // Libraries tell of each lost connection; the command's own error says it once.
    context.getLogger("org.apache.heron").setLevel(verbose ? Level.DEBUG : Level.WARN);
    if (!verbose) {
      context.getLogger("org.apache.curator").setLevel(Level.OFF);
      context.getLogger("org.apache.zookeeper").setLevel(Level.OFF);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static String depth() {
    return verbose ? "full" : "0";
  }
}
