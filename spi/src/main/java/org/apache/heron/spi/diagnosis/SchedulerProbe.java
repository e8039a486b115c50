package org.apache.heron.spi.diagnosis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;

/** Whether the process at an address takes connections. */
public final class SchedulerProbe {
  private static final int LIMIT_MILLIS = 3_000;

  private SchedulerProbe() {}

  /** The scheduler's; false for an endpoint that is no {@code host:port}. */
  public static boolean answers(SchedulerLocation location) {
    String endpoint = location.getHttpEndpoint();
    int colon = endpoint.lastIndexOf(':');
    try {
      return colon > 0
          && answers(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Any process'. */
  public static boolean answers(String host, int port) {
    return reach(host, port) == Reach.ANSWERS;
  }

  /** What becomes of a connection. */
  public enum Reach {
    /** It is taken. */
    ANSWERS,
    /** The host says that nobody listens there. */
    REFUSED,
    /** Nobody says anything, or that is no address: a process may be there all the same. */
    UNREACHED
  }

  /** Tries one; blocks for at most a few seconds. */
  public static Reach reach(String host, int port) {
    if (port < 1 || port > 65_535) {
      return Reach.UNREACHED;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), LIMIT_MILLIS);
      return Reach.ANSWERS;
    } catch (ConnectException e) {
      return Reach.REFUSED;
    } catch (IOException e) {
      return Reach.UNREACHED;
    }
  }
}
