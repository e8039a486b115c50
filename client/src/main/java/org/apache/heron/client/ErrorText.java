package org.apache.heron.client;

import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.topology.TopologyException;
import org.apache.heron.spi.uploader.UploaderException;

/** One line about an exception. */
public final class ErrorText {
  private ErrorText() {}

  /** The message of an exception that was written for the user; of others also the class. */
  public static String of(Throwable thrown) {
    return of(thrown, "--verbose shows where");
  }

  /**
   * As {@link #of(Throwable)}.
   *
   * @param whereToLook said of an exception that nobody expected
   */
  public static String of(Throwable thrown, String whereToLook) {
    if (thrown instanceof InterruptedException) {
      return "cancelled";
    }
    String line = line(thrown);
    return isForUsers(thrown) && !line.isEmpty()
        ? line
        : thrown.getClass().getName()
            + (line.isEmpty() ? "" : ": " + line)
            + " (unexpected; "
            + whereToLook
            + ")";
  }

  /** True if the message was written for the user. */
  public static boolean isForUsers(Throwable thrown) {
    return thrown instanceof ClientException
        || thrown instanceof ConfigException
        || thrown instanceof StateException
        || thrown instanceof PackingException
        || thrown instanceof TopologyException
        || thrown instanceof UploaderException
        || thrown instanceof SchedulerException;
  }

  private static String line(Throwable thrown) {
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
