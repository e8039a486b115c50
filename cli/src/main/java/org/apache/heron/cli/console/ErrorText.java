package org.apache.heron.cli.console;

import org.apache.heron.client.ClientException;
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
    if (thrown instanceof InterruptedException) {
      return "cancelled";
    }
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    boolean forUsers =
        thrown instanceof ClientException
            || thrown instanceof ConfigException
            || thrown instanceof StateException
            || thrown instanceof PackingException
            || thrown instanceof TopologyException
            || thrown instanceof UploaderException
            || thrown instanceof SchedulerException;
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
    return forUsers && !line.isEmpty()
        ? line
        : thrown.getClass().getName()
            + (line.isEmpty() ? "" : ": " + line)
            + " (unexpected; --verbose shows where)";
  }
}
