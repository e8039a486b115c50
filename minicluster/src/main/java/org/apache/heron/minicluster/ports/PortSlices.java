package org.apache.heron.minicluster.ports;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports that one process gives out: slices of the range, which no other process has as long as
 * they are held. They are given in turn, so that one which is down for a while is not given to
 * another before all others were. Thread-safe.
 */
final class PortSlices implements AutoCloseable {
  /** Of a slice, with its mark; slices begin at multiples of it. */
  static final int PORTS = 50;

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = PortBlock.LOWEST;
  private static final int SLICES = (HIGHEST - LOWEST) / PORTS;

  /** Each is bound to a slice's first port, which is nobody's: who holds that holds the slice. */
  private final List<Socket> marks = new ArrayList<>();

  private final int firstTried = ThreadLocalRandom.current().nextInt(SLICES);
  private int tried;
  private int turn;

  /**
   * The next port on which nobody listens; where all that are held are listened on, one of a
   * further slice.
   *
   * @throws IOException if other processes have all slices
   */
  synchronized int next() throws IOException {
    Optional<Integer> port = free(marks.size() * (PORTS - 1));
    while (port.isEmpty()) {
      takeOneMore();
      turn = (marks.size() - 1) * (PORTS - 1);
      port = free(PORTS - 1);
    }
    return port.get();
  }

  /** Of so many from the one on whose turn it is. */
  private Optional<Integer> free(int ports) throws IOException {
    for (int i = 0; i < ports; i++) {
      int next = turn;
      turn = (turn + 1) % (marks.size() * (PORTS - 1));
      int port = marks.get(next / (PORTS - 1)).getLocalPort() + 1 + next % (PORTS - 1);
      if (isFree(port)) {
        return Optional.of(port);
      }
    }
    return Optional.empty();
  }

  private void takeOneMore() throws IOException {
    for (; tried < SLICES; tried++) {
      Socket mark = new Socket();
      try {
        // Else two sockets that do not listen may be bound to one port.
        mark.setReuseAddress(false);
        int slice = (firstTried + tried) % SLICES;
        mark.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), LOWEST + slice * PORTS));
        marks.add(mark);
        tried++;
        return;
      } catch (BindException e) { // another's
        mark.close();
      } catch (IOException e) {
        mark.close();
        throw e;
      }
    }
    tried = 0; // another process may have ended when we are asked again
    throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }

  /** Leaves them to other processes. */
  @Override
  public synchronized void close() throws IOException {
    for (Socket mark : marks) {
      mark.close();
    }
    marks.clear();
    turn = 0;
  }
}
