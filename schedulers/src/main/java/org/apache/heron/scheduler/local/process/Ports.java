package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * Finds ports for a container. They are free then, and may be taken by others before the container
 * listens: who finds one taken ends, and is given others.
 */
public final class Ports {
  private static final int TRIES = 1_000;

  private Ports() {}

  /**
   * So many ports.
   *
   * @param preferred taken if they are as many and all free
   * @param others of other containers, which may not listen yet
   * @throws SchedulerException if there are not so many
   */
  public static List<Integer> choose(int count, List<Integer> preferred, Set<Integer> others) {
    boolean again = preferred.size() == count && preferred.stream().noneMatch(others::contains);
    if (again && areFree(preferred)) {
      return preferred;
    }
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int tries = 0; ports.size() < count; tries++) {
        if (tries == TRIES) {
          throw new SchedulerException("there are no " + count + " free ports on this host");
        }
        // Held until all are found, so that none is found twice.
        ServerSocket socket = new ServerSocket(0);
        held.add(socket);
        if (!others.contains(socket.getLocalPort())) {
          ports.add(socket.getLocalPort());
        }
      }
      return ports;
    } catch (IOException e) {
      throw new SchedulerException(
          "there are no " + count + " free ports on this host: " + e.getMessage(), e);
    } finally {
      closeAll(held);
    }
  }

  private static boolean areFree(List<Integer> ports) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int port : ports) {
        held.add(new ServerSocket(port));
      }
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      closeAll(held);
    }
  }

  private static void closeAll(Collection<ServerSocket> sockets) {
    for (ServerSocket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // A listener that nobody has connected to has nothing that could be lost.
      }
    }
  }
}
