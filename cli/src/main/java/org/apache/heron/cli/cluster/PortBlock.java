package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * A run of ports that nobody listens on, below the range that systems give to outgoing connections.
 * Another program may take one later; whoever uses them must bear that.
 */
record PortBlock(int first, int last) {
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 50;

  /**
   * Finds a block.
   *
   * @throws IOException if none was found
   */
  static PortBlock find(int size, SplittableRandom random) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int first = random.nextInt(LOWEST, HIGHEST - size);
      if (isFree(first, first + size - 1)) {
        return new PortBlock(first, first + size - 1);
      }
    }
    throw new IOException(
        "no " + size + " free ports in a row between " + LOWEST + " and " + HIGHEST);
  }

  private static boolean isFree(int first, int last) {
    for (int port = first; port <= last; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  /** As Mesos writes it. */
  String asResource() {
    return "ports:[" + first + "-" + last + "]";
  }
}
