package org.apache.heron.minicluster.ports;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports that one process gives out: slices of the range, which no other process has as long as
 * they are held. One that was given may be down for a while, or about to be listened on by another
 * process: none is given twice before many others were. Thread-safe.
 */
final class PortSlices implements AutoCloseable {
  /** Of a slice, with its mark; slices begin at multiples of it. */
  static final int PORTS = 50;

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = PortBlock.LOWEST;
  private static final int SLICES = (HIGHEST - LOWEST) / PORTS;

  /** Each is bound to a slice's first port, which is nobody's: who holds that holds the slice. */
  private final List<Socket> marks = new ArrayList<>();

  private final int enough;
  private int candidate = ThreadLocalRandom.current().nextInt(SLICES);
  private int fresh;
  private int turn;

  /**
   * @param enough slices, of which ports are rather given again than another slice is taken
   */
  PortSlices(int enough) {
    this.enough = enough;
  }

  /**
   * A port on which nobody listens: one that was not given before, or else the one that was given
   * longest ago.
   *
   * @throws IOException if none is free and other processes have all other slices
   */
  synchronized int next() throws IOException {
    while (true) {
      for (; fresh < size(); fresh++) {
        if (isFree(port(fresh))) {
          return port(fresh++);
        }
      }
      if (marks.size() >= enough || !takeOneMore()) {
        for (int i = 0; i < size(); i++) {
          int port = port(turn);
          turn = (turn + 1) % size();
          if (isFree(port)) {
            return port;
          }
        }
        if (!takeOneMore()) {
          throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
        }
      }
    }
  }

  private int size() {
    return marks.size() * (PORTS - 1);
  }

  private int port(int index) {
    return marks.get(index / (PORTS - 1)).getLocalPort() + 1 + index % (PORTS - 1);
  }

  private boolean takeOneMore() throws IOException {
    for (int i = 0; i < SLICES; i++) {
      int slice = candidate;
      candidate = (candidate + 1) % SLICES;
      Socket mark = new Socket();
      try {
        // Else two sockets that do not listen may be bound to one port.
        mark.setReuseAddress(false);
        mark.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), LOWEST + slice * PORTS));
        marks.add(mark);
        return true;
      } catch (BindException e) { // another's, or ours
        mark.close();
      } catch (IOException e) {
        mark.close();
        throw e;
      }
    }
    return false;
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
    fresh = 0;
    turn = 0;
  }
}
