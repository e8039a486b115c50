package org.apache.heron.executor.tmanager;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of the topology's one topology manager, {@code tmanagers/<topology>}. A node that
 * is left of an earlier one blocks only as long as that one answers or, where nobody answers for
 * sure, as its session lives: file-based state knows no sessions.
 */
final class LocationNode {
  private static final Logger LOG = LoggerFactory.getLogger(LocationNode.class);
  private static final int PROBE_MILLIS = 2_000;
  private static final int MAX_ANSWER = 4096;

  private final IStateManager state;
  private final TManagerLocation own;

  LocationNode(IStateManager state, TManagerLocation own) {
    this.state = state;
    this.own = own;
  }

  /**
   * Writes the node; blocks meanwhile.
   *
   * @param retries how often it is tried again
   * @throws StateException if another topology manager holds the place all the time
   */
  void establish(int retries, Duration interval) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      String obstacle;
      try {
        Optional<TManagerLocation> holder = tryOnce();
        if (holder.isEmpty()) {
          return;
        }
        obstacle =
            "tmanagers/"
                + own.getTopologyName()
                + " is held by "
                + holder.get().getHost()
                + ":"
                + holder.get().getControllerPort();
      } catch (StateException e) {
        obstacle = e.getMessage();
      }
      if (attempt >= retries) {
        throw new StateException("cannot become the topology manager: " + obstacle);
      }
      LOG.info("{}; trying again in {} s", obstacle, interval.toSeconds());
      Thread.sleep(interval.toMillis());
    }
  }

  /** Removes the node, unless it is another's by now: one that lost its place may come late. */
  void leave() {
    boolean ours =
        state
            .get(StateKind.TMANAGER_LOCATION, own.getTopologyName())
            .filter(own::equals)
            .isPresent();
    if (ours) {
      state.delete(StateKind.TMANAGER_LOCATION, own.getTopologyName());
    }
  }

  /**
   * Writes the node that was ours again, if nobody has one and the topology is still there.
   *
   * @return whether it was written
   */
  boolean restore() {
    return isWanted() && state.create(StateKind.TMANAGER_LOCATION, own.getTopologyName(), own);
  }

  /** A kill removes our node, too, and with it all that would tell where we should be. */
  boolean isWanted() {
    return state
        .get(StateKind.TOPOLOGY, own.getTopologyName())
        .filter(topology -> topology.getId().equals(own.getTopologyId()))
        .isPresent();
  }

  /** Empty when the place is ours, else who holds it. */
  private Optional<TManagerLocation> tryOnce() {
    String topology = own.getTopologyName();
    if (state.create(StateKind.TMANAGER_LOCATION, topology, own)) {
      return Optional.empty();
    }
    Optional<TManagerLocation> holder = state.get(StateKind.TMANAGER_LOCATION, topology);
    if (holder.isEmpty()) {
      return state.create(StateKind.TMANAGER_LOCATION, topology, own)
          ? Optional.empty()
          : Optional.of(own);
    }
    if (isOurAddress(holder.get()) || isDead(holder.get())) {
      LOG.info("taking over from {}:{}", holder.get().getHost(), holder.get().getControllerPort());
      state.put(StateKind.TMANAGER_LOCATION, topology, own);
      return Optional.empty();
    }
    return holder;
  }

  /** We listen there, so that whoever wrote it is gone. */
  private boolean isOurAddress(TManagerLocation holder) {
    return holder.getHost().equals(own.getHost())
        && holder.getControllerPort() == own.getControllerPort();
  }

  /**
   * True if nothing listens at its address, or something that is no topology manager. One that does
   * not answer at all may be alive. Plain sockets: an HTTP client would cost container 0 megabytes.
   */
  private static boolean isDead(TManagerLocation holder) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(holder.getHost(), holder.getControllerPort()), PROBE_MILLIS);
      socket.setSoTimeout(PROBE_MILLIS);
      socket
          .getOutputStream()
          .write("GET /activate HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readNBytes(MAX_ANSWER), StandardCharsets.ISO_8859_1);
      return !answer.contains("topologyid");
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      LOG.debug("no clear answer from {}:{}", holder.getHost(), holder.getControllerPort(), e);
      return false;
    }
  }
}
