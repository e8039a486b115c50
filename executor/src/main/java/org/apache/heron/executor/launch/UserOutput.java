package org.apache.heron.executor.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what user code prints or logs by {@code java.util.logging} into the container's log files,
 * so that it is bounded and stands with the instance that said it.
 */
final class UserOutput {
  private static final int MAX_LINE = 16 << 10;

  private UserOutput() {}

  /** Replaces {@code System.out}, {@code System.err} and the handlers of the root logger. */
  static void capture() {
    System.setOut(printer(LoggerFactory.getLogger("stdout")));
    System.setErr(printer(LoggerFactory.getLogger("stderr")));
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new Bridge());
  }

  private static PrintStream printer(Logger logger) {
    return new PrintStream(new Lines(logger), true, StandardCharsets.UTF_8);
  }

  /** Makes an event of each line; threads do not mix within a line. */
  private static final class Lines extends OutputStream {
    private final Logger logger;
    private final ThreadLocal<ByteArrayOutputStream> lines =
        ThreadLocal.withInitial(ByteArrayOutputStream::new);

    Lines(Logger logger) {
      this.logger = logger;
    }

    @Override
    public void write(int character) {
      ByteArrayOutputStream line = lines.get();
      if (character == '\n' || line.size() >= MAX_LINE) {
        String text = line.toString(StandardCharsets.UTF_8);
        // Also frees a buffer that a long line has made large.
        lines.remove();
        logger.info("{}", text);
      }
      if (character != '\n' && character != '\r') {
        lines.get().write(character);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int i = offset; i < offset + length; i++) {
        write(bytes[i]);
      }
    }
  }

  /** Hands records on to SLF4J. */
  private static final class Bridge extends Handler {
    @Override
    public void publish(LogRecord record) {
      String name = record.getLoggerName() == null ? "" : record.getLoggerName();
      Logger logger = LoggerFactory.getLogger(name);
      int level = record.getLevel().intValue();
      if (level >= Level.SEVERE.intValue()) {
        logger.error("{}", text(record), record.getThrown());
      } else if (level >= Level.WARNING.intValue()) {
        logger.warn("{}", text(record), record.getThrown());
      } else if (level >= Level.INFO.intValue()) {
        logger.info("{}", text(record), record.getThrown());
      } else {
        logger.debug("{}", text(record), record.getThrown());
      }
    }

    private static String text(LogRecord record) {
      String message = String.valueOf(record.getMessage());
      if (record.getResourceBundle() != null) {
        try {
          message = record.getResourceBundle().getString(message);
        } catch (MissingResourceException | ClassCastException e) {
          // As java.util.logging does: the key itself is the message then.
          message = record.getMessage();
        }
      }
      Object[] parameters = record.getParameters();
      if (parameters == null || parameters.length == 0) {
        return message;
      }
      try {
        return MessageFormat.format(message, parameters);
      } catch (IllegalArgumentException e) {
        return message;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
