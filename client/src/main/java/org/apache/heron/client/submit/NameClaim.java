package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name that this process is submitting a topology under: nobody else submits one of that name
 * meanwhile. The claim ends with the process at the latest.
 */
final class NameClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameClaim.class);
  private static final String LOCK = "submitTopology";
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final IStateManager state;
  private final String topology;
  private final IStateManager.Lock lock;

  private NameClaim(IStateManager state, String topology, IStateManager.Lock lock) {
    this.state = state;
    this.topology = topology;
    this.lock = lock;
  }

  /**
   * Claims a name that is free.
   *
   * @throws ClientException if it is not: somebody submits it just now, or something is there
   */
  static NameClaim take(IStateManager state, String topology, TopologyTarget target) {
    Optional<IStateManager.Lock> lock = state.lock(topology, LOCK, WAIT);
    if (lock.isEmpty()) {
      throw new ClientException(
          "Topology '"
              + topology
              + "' is being submitted by someone else just now, or such a submit was cut off within"
              + " the last seconds; wait for its end, or choose another name");
    }
    NameClaim claim = new NameClaim(state, topology, lock.get());
    try {
      NameCheck.requireFree(state, topology, target);
      return claim;
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  @Override
  public void close() {
    lock.close();
    try {
      // A submit that failed is to leave nothing behind, and the lock's own node is something.
      if (StateKind.all().stream().noneMatch(kind -> state.exists(kind, topology))) {
        state.deleteLocks(topology);
      }
    } catch (StateException e) {
      // The empty node disturbs nobody, and the next kill of that name removes it.
      LOG.debug("the locks of {} stay: {}", topology, e.getMessage());
    }
  }
}
