package org.apache.heron.minicluster.standalone;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Finds ports that nobody listens on, below the range that systems give to outgoing connections: a
 * part that is down for a while must find its port free when it comes back.
 */
final class FreePort {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 200;
  private static final SplittableRandom RANDOM = new SplittableRandom();

  private FreePort() {}

  /**
   * One such port.
   *
   * @throws IOException if none was found
   */
  static synchronized int find() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = RANDOM.nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }
}
