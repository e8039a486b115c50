package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A run of ports that nobody listens on, below the range that systems give to outgoing connections.
 * Another program may take one later; whoever uses them must bear that.
 */
record PortBlock(int first, int last) {
  private static final int LOWEST = 16_000;
  private static final int HIGHEST = 31_000;

  /**
   * Finds blocks of which no two have a port in common: agents on one host must not offer the same.
   *
   * @throws IOException if there are not so many
   */
  static List<PortBlock> find(int count, int size, Random random) throws IOException {
    List<PortBlock> all = new ArrayList<>();
    for (int first = LOWEST; first + size <= HIGHEST; first += size) {
      all.add(new PortBlock(first, first + size - 1));
    }
    // Two clusters that start at once are unlikely to find the same.
    Collections.shuffle(all, random);
    List<PortBlock> found = new ArrayList<>();
    for (PortBlock block : all) {
      if (found.size() == count) {
        break;
      }
      if (block.isFree()) {
        found.add(block);
      }
    }
    if (found.size() < count) {
      throw new IOException(
          "of the ports between %d and %d only %d times %d in a row are free, but %d agents want them"
                  .formatted(LOWEST, HIGHEST, found.size(), size, count)
              + "; have fewer agents, or stop what listens there");
    }
    return found;
  }

  private boolean isFree() {
    for (int port = first; port <= last; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        // As the containers' processes do, which listen at any address.
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(port), 1);
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
