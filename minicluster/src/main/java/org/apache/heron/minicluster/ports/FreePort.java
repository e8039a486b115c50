package org.apache.heron.minicluster.ports;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.BindException;

/**
 * Finds ports that nobody listens on and that no outgoing connection gets: what is down for a while
 * must find its port free when it comes back. For the same reason no other process is given one of
 * them while this one lives, and this one is only after it was given many others. Thread-safe.
 */
public final class FreePort {
  private static final int TRIES = 200;

  /** More ports than most processes ever ask for, and a quarter of all there are. */
  private static final int ENOUGH_SLICES = 30;

  /** This process's, until it ends. */
  private static final PortSlices SLICES = new PortSlices(ENOUGH_SLICES);

  private FreePort() {}

  /** What listens on a port. */
  @FunctionalInterface
  public interface Listener<T> {
    /**
     * Begins to listen.
     *
     * @throws IOException if the port is taken, or anything else is wrong
     */
    T on(int port) throws IOException;
  }

  /**
   * One such port.
   *
   * @throws IOException if none was found
   */
  public static int find() throws IOException {
    return SLICES.next();
  }

  /**
   * Listens on the port that is asked for, and on any such port if that is 0.
   *
   * @throws IOException if the listener cannot, for another reason than that somebody was faster
   */
  public static <T> T listen(int port, Listener<T> listener) throws IOException {
    if (port != 0) {
      return listener.on(port);
    }
    for (int i = 0; ; i++) {
      int found = find();
      try {
        return listener.on(found);
      } catch (IOException e) {
        if (i == TRIES || !wasTaken(found, e)) {
          throw e;
        }
      }
    }
  }

  /**
   * A port can be found free and yet be refused: to whoever binds without SO_REUSEADDR while a
   * connection of its last owner lingers, and while another probes it.
   */
  private static boolean wasTaken(int port, IOException refusal) throws IOException {
    return Throwables.getCausalChain(refusal).stream().anyMatch(BindException.class::isInstance)
        || !PortSlices.isFree(port);
  }
}
