package org.apache.heron.client.submit;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submission.SubmitLock;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * A name that this process is submitting a topology under: nobody else submits one of that name
 * meanwhile. The claim ends with the process at the latest.
 */
final class NameClaim implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final IStateManager.Lock lock;

  private NameClaim(IStateManager.Lock lock) {
    this.lock = lock;
  }

  /**
   * Claims a name that is free.
   *
   * @throws ClientException if it is not: somebody submits it just now, or something is there
   */
  static NameClaim take(IStateManager state, String topology, TopologyTarget target) {
    Optional<IStateManager.Lock> lock = SubmitLock.take(state, topology, WAIT);
    if (lock.isEmpty()) {
      throw new ClientException(
          "Topology '"
              + topology
              + "' is being submitted by someone else just now, or killed, or such a command was"
              + " cut off within the last seconds; wait for its end, or choose another name");
    }
    NameClaim claim = new NameClaim(lock.get());
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
    // Which leaves nothing of the lock; the locks of the name may be a newer submit's already.
    lock.close();
  }
}
