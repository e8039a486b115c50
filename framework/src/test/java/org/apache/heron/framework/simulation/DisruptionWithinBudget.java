package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.core.Aim;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.identity.ContainerId;

/**
 * 13. Of those that run, no more than the disruption budget are replaced on purpose at a time: the
 * next when the former runs again. Container 0 is replaced alone, and in a restart of all it is the
 * last. (What a user wants of one container is done at once.)
 */
final class DisruptionWithinBudget extends Promise {
  private static final long TOLERANCE = 1_000;

  /** Who is being replaced on purpose, since when by the world's clock. */
  private final Map<ContainerId, Long> underWay = new HashMap<>();

  private int parallel;

  DisruptionWithinBudget(World world) {
    super(world);
  }

  @Override
  void decided(SchedulerProcess process, State before, Event event, Decision decision) {
    if (!process.toString().equals(world.writer) || world.clocksHaveJumped()) {
      return;
    }
    State after = decision.state();
    if (after.phase() != Phase.SERVING) {
      underWay.clear();
      return;
    }
    if (event instanceof Event.Started) {
      parallel = 0;
    } else if (event instanceof Event.RestartRequested restart && restart.container().isEmpty()) {
      parallel = Math.max(parallel, restart.parallel());
    }
    underWay.keySet().removeIf(id -> isBack(after, id));
    if (after.containers().count(Life.KILLING) > 0) {
      for (Container killed : after.containers()) {
        before
            .containers()
            .get(killed.id())
            .filter(former -> former.life() != Life.KILLING && killed.life() == Life.KILLING)
            .ifPresent(former -> replaced(former, killed, event, after));
      }
    }
  }

  /** True if it runs again, or is no longer wanted. */
  private static boolean isBack(State state, ContainerId id) {
    return state
        .containers()
        .get(id)
        .map(each -> each.life() == Life.RUNNING || each.aim() == Aim.REMOVE)
        .orElse(true);
  }

  private void replaced(Container former, Container killed, Event event, State after) {
    ContainerId id = killed.id();
    if (killed.aim() == Aim.REMOVE) {
      return;
    }
    boolean single =
        event instanceof Event.RestartRequested restart
            && restart.container().equals(Optional.of(id));
    if (!single) {
      boolean asked = former.aim() == Aim.RENEW || event instanceof Event.RestartRequested;
      look(id, asked, after);
    }
    underWay.put(id, world.agenda.now());
  }

  private void look(ContainerId id, boolean asked, State after) {
    Set<ContainerId> busy = new HashSet<>(underWay.keySet());
    busy.remove(id);
    if (asked) {
      // Who does not run again within the patience ends a restart; a new one may be asked for.
      long now = world.agenda.now();
      busy.removeIf(each -> now - underWay.get(each) >= Manner.patience() - TOLERANCE);
    }
    int usual = world.history.setting().manner().budget();
    int budget = asked ? Math.max(usual, parallel) : usual;
    require(
        busy.size() < budget,
        "container " + id + " is replaced while " + busy + " are, with a budget of " + budget);
    boolean manager = id.equals(ContainerId.MANAGER);
    require(
        !manager || busy.isEmpty(),
        "container 0 is replaced while " + busy + " are, and not alone");
    require(
        !busy.contains(ContainerId.MANAGER),
        "container " + id + " is replaced while container 0 is");
    require(
        !manager
            || !asked
            || after.containers().stream().noneMatch(DisruptionWithinBudget::isToFollow),
        "container 0 is restarted before others that are to be restarted");
  }

  private static boolean isToFollow(Container container) {
    return container.aim() == Aim.RENEW
        && container.life().hasTask()
        && container.life() != Life.KILLING
        && !container.id().equals(ContainerId.MANAGER);
  }
}
