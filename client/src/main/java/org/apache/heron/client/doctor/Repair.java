package org.apache.heron.client.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.submission.SubmitLock;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Removes what dead topologies have left. Looks again before, while it holds the name, so that
 * nobody submits a topology of that name meanwhile; the definition goes last, so that what was cut
 * off can be repeated.
 */
final class Repair {
  private static final String CHECK = "repair";

  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final List<StateKind<?>> LAST =
      List.of(StateKind.EXECUTION_STATE, StateKind.TOPOLOGY);

  private final IStateManager state;
  private final Optional<BackEnd> backEnd;
  private final TopologyCheck check;
  private final Remnants remnants;

  Repair(IStateManager state, Optional<BackEnd> backEnd, TopologyCheck check, Remnants remnants) {
    this.state = state;
    this.backEnd = backEnd;
    this.check = check;
    this.remnants = remnants;
  }

  Finding remove(String topology) throws InterruptedException {
    Optional<IStateManager.Lock> lock = SubmitLock.take(state, topology, WAIT);
    if (lock.isEmpty()) {
      return Finding.skipped(CHECK, topology + " is being submitted just now; nothing is removed");
    }
    boolean removed = false;
    try {
      Optional<DeadTopology> dead = check.again(topology);
      if (dead.isEmpty()) {
        return Finding.skipped(CHECK, topology + " is not dead any more; nothing is removed");
      }
      List<String> stays = remnants.remove(topology);
      backEnd.ifPresent(each -> each.forget(topology));
      StateKind.all().stream()
          .filter(kind -> !LAST.contains(kind))
          .forEach(kind -> state.delete(kind, topology));
      LAST.forEach(kind -> state.delete(kind, topology));
      removed = true;
      String text = "removed what was left of " + topology;
      return stays.isEmpty()
          ? Finding.ok(CHECK, text)
          : Finding.warning(CHECK, text + ", but " + String.join("; ", stays), "remove it by hand");
    } catch (RuntimeException e) { // a back end of somebody else's may throw anything
      return Finding.failed(
          CHECK,
          topology + " was not removed in full: " + e.getMessage(),
          "give the command again");
    } finally {
      if (removed) {
        SubmitLock.deleteOthers(state, topology);
      }
      lock.get().close();
    }
  }
}
