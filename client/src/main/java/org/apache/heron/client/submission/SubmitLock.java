package org.apache.heron.client.submission;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * The lock of a topology's name: taken by whoever submits, for as long as that and its taking back
 * last, and by whoever removes what is left of the name.
 */
public final class SubmitLock {
  private static final String NAME = "submitTopology";

  private SubmitLock() {}

  /**
   * Takes it.
   *
   * @param wait at most so long
   * @return empty if somebody else holds it
   */
  public static Optional<IStateManager.Lock> take(
      IStateManager state, String topology, Duration wait) {
    return state.lock(topology, NAME, wait);
  }

  /** Removes the name's other locks, such as upstream leaves; for whoever holds this one. */
  public static void deleteOthers(IStateManager state, String topology) {
    state.deleteLocksBut(topology, NAME);
  }
}
