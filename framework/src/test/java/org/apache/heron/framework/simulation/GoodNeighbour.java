package org.apache.heron.framework.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Link;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 10. A good neighbour: silent when idle, declining for long when nothing waits, reviving rarely.
 * (That nothing is hoarded is {@link OffersWithinBounds}.)
 */
final class GoodNeighbour extends Promise {
  private static final long IDLE_FOR = 15_000;
  private static final double SHORTEST_IDLE_REFUSAL_SECONDS = 60;
  private static final double DEFAULT_REFUSAL_SECONDS = 5;
  private static final long REVIVE_GAP = 950;
  private static final int MOST_REVIVES_A_MINUTE = 30;

  private final Map<SchedulerProcess, Deque<Long>> revives = new HashMap<>();
  private long idleSince = -1;
  private long clocks;

  GoodNeighbour(World world) {
    super(world);
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    if (call.getType() == Call.Type.REVIVE) {
      revives(process);
    } else if (call.getType() == Call.Type.DECLINE) {
      double seconds = call.getDecline().getFilters().getRefuseSeconds();
      require(
          seconds >= DEFAULT_REFUSAL_SECONDS,
          "offers are declined for " + seconds + " s, less than Mesos' default");
      boolean idle = idleSince >= 0 && world.agenda.now() - idleSince > IDLE_FOR / 3;
      require(
          !idle || seconds >= SHORTEST_IDLE_REFUSAL_SECONDS,
          "offers are declined for " + seconds + " s, although nothing has waited for long");
    }
  }

  private void revives(SchedulerProcess process) {
    long now = world.agenda.now();
    Deque<Long> last = revives.computeIfAbsent(process, each -> new ArrayDeque<>());
    if (process.clockOffset() != clocks) {
      clocks = process.clockOffset();
      last.clear();
    }
    // They are decided upon a second apart, and then wait for writes: of three the last is far
    // enough from the first.
    last.add(now);
    if (last.size() > 2) {
      Iterator<Long> latest = last.descendingIterator();
      latest.next();
      latest.next();
      long since = now - latest.next();
      require(
          since >= REVIVE_GAP || now < world.disturbedUntil,
          "REVIVE is sent three times in " + Words.of(since));
    }
    while (last.getFirst() < now - 60_000) {
      last.removeFirst();
    }
    require(
        last.size() <= MOST_REVIVES_A_MINUTE,
        "REVIVE is sent " + last.size() + " times in a minute");
  }

  /** True if nothing waits for a place, or for another place. */
  private static boolean isIdle(State state) {
    return state.link() == Link.SUBSCRIBED
        && state.phase() == Phase.SERVING
        && state.containers().count(Life.WAITING) == 0
        && state.renewal().seeking().isEmpty();
  }

  @Override
  void afterStep() {
    long now = world.agenda.now();
    Optional<SchedulerProcess> leader = world.leader();
    boolean idle =
        now >= world.disturbedUntil
            && leader
                .filter(each -> each.wire.isSubscribed() && !each.isPaused())
                .flatMap(SchedulerProcess::state)
                .filter(GoodNeighbour::isIdle)
                .isPresent();
    if (!idle) {
      idleSince = -1;
    } else if (idleSince < 0) {
      idleSince = now;
    } else if (now - idleSince > IDLE_FOR) {
      leader
          .flatMap(SchedulerProcess::state)
          .flatMap(State::frameworkId)
          .map(world.master.frameworks::get)
          .filter(SimFramework::isConnected)
          .ifPresent(
              framework ->
                  require(
                      framework.suppressed,
                      "nothing has waited for " + Words.of(now - idleSince) + ", no SUPPRESS"));
    }
  }
}
