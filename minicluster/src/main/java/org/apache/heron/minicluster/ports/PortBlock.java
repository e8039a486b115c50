package org.apache.heron.minicluster.ports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports in a row, to be listened on by processes that come later. While it is held no other process
 * of this machine gets one of its ports by asking for a block, and this process gets them again
 * only after all others have had their turn. Thread-safe.
 */
public final class PortBlock implements AutoCloseable {
  static final int LOWEST = 16_000;
  private static final int HIGHEST = 31_000;

  /** Of a block; blocks begin at multiples of it, so that two are the same or have none alike. */
  private static final int PORTS = 64;

  private static final int BLOCKS = (HIGHEST - LOWEST) / PORTS;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(BLOCKS));

  /** Bound to the block's first port, which is nobody's: who holds that holds the block. */
  private final Socket mark;

  private PortBlock(Socket mark) {
    this.mark = mark;
  }

  /**
   * Takes a block of which no port is listened on.
   *
   * @throws IOException if there is none
   */
  public static PortBlock take() throws IOException {
    for (int i = 0; i < BLOCKS; i++) {
      int block = Math.floorMod(NEXT.getAndIncrement(), BLOCKS);
      Optional<PortBlock> taken = take(LOWEST + block * PORTS);
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    throw new IOException(
        "no " + PORTS + " free ports in a row between " + LOWEST + " and " + HIGHEST);
  }

  private static Optional<PortBlock> take(int lowest) throws IOException {
    Socket mark = new Socket();
    try {
      // Else two sockets that do not listen may be bound to one port.
      mark.setReuseAddress(false);
      mark.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), lowest));
      for (int port = lowest + 1; port < lowest + PORTS; port++) {
        listenFor(port);
      }
    } catch (IOException e) { // taken
      mark.close();
      return Optional.empty();
    }
    return Optional.of(new PortBlock(mark));
  }

  /** Tries whether a process that listens at any address could. */
  private static void listenFor(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port), 1);
    }
  }

  /** The first port. */
  public int first() {
    return mark.getLocalPort() + 1;
  }

  /** The last port, which is 62 above the first. */
  public int last() {
    return first() + PORTS - 2;
  }

  /** Both, as a Mesos agent's resources have them: {@code [16001-16063]}. */
  public String range() {
    return "[" + first() + "-" + last() + "]";
  }

  /** Lets others have it. Idempotent. */
  @Override
  public void close() {
    try {
      mark.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give back the ports " + range(), e);
    }
  }
}
