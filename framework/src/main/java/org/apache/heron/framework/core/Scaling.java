package org.apache.heron.framework.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.history.Happening.Kind;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** Changes of the set of containers while the topology runs. */
final class Scaling {
  /** So many ids are named in an answer. */
  private static final int SHOWN = 10;

  private final Copies copies;

  Scaling(Copies copies) {
    this.copies = copies;
  }

  /** After a start: kills what is on record and no longer in the plan. */
  void resume(Turn turn) {
    turn.containers.stream()
        .filter(container -> container.aim() == Aim.REMOVE)
        .forEach(container -> leave(turn, container));
  }

  void update(Turn turn, Event.UpdateRequested command) {
    Map<ContainerId, Size> wanted = command.wanted();
    if (!wanted.containsKey(ContainerId.MANAGER) || wanted.size() < 2) {
      turn.reply(
          command.request(),
          Outcome.refused(
              "the plan needs container 0 and at least one other, but has "
                  + wanted.keySet().stream().sorted().toList()));
      return;
    }
    Set<ContainerId> added = add(turn, wanted);
    Set<ContainerId> removed = remove(turn, wanted.keySet());
    int changed = added.size() + removed.size() + resize(turn, wanted);
    if (changed > 0) {
      turn.answer(
          Awaited.Scaled.class::isInstance, Outcome.refused("another update took its place"));
      turn.say("containers to be added: " + sorted(added) + ", to be removed: " + sorted(removed));
      turn.happened(Kind.UPDATE, "adds " + sorted(added) + ", removes " + sorted(removed));
      turn.recordFramework();
    }
    // Who repeats an update waits for whatever the first try has not reached.
    String summary = "added " + sorted(added) + ", removed " + sorted(removed);
    turn.await(
        command.request(),
        changed > 0
            ? new Awaited.Scaled(
                Stream.concat(added.stream(), removed.stream()).toList(), 0, summary)
            : new Awaited.Scaled(
                turn.containers.stream().map(Container::id).toList(),
                0,
                "nothing had to be changed"));
    follow(turn);
  }

  private static Set<ContainerId> add(Turn turn, Map<ContainerId, Size> wanted) {
    Set<ContainerId> added = new LinkedHashSet<>();
    List<Container> fresh = new ArrayList<>();
    wanted.forEach(
        (id, size) -> {
          Optional<Container> there = turn.containers.get(id);
          if (there.isEmpty()) {
            added.add(id);
            fresh.add(Container.fresh(id, size, turn.containers.floor(), turn.now));
          } else if (there.get().aim() == Aim.REMOVE) {
            // Its copy is dying; the next one is launched when that is over.
            added.add(id);
            turn.put(there.get().withAim(Aim.RUN));
          }
        });
    turn.containers = turn.containers.plus(fresh);
    return added;
  }

  private Set<ContainerId> remove(Turn turn, Set<ContainerId> wanted) {
    Set<ContainerId> removed = new LinkedHashSet<>();
    for (Container container : turn.containers) {
      if (!wanted.contains(container.id()) && container.aim() != Aim.REMOVE) {
        removed.add(container.id());
        leave(turn, container.withAim(Aim.REMOVE));
      }
    }
    return removed;
  }

  private void leave(Turn turn, Container container) {
    copies.occasion(turn, container, Occasion.REMOVE, "no longer in the plan");
  }

  private static int resize(Turn turn, Map<ContainerId, Size> wanted) {
    int changed = 0;
    for (Container container : turn.containers) {
      Size size = wanted.getOrDefault(container.id(), container.size());
      if (!size.equals(container.size())) {
        // A running copy keeps what it was launched with; the next one has the new size.
        turn.putUnrecorded(container.withSize(size));
        changed++;
      }
    }
    return changed;
  }

  private static String sorted(Set<ContainerId> ids) {
    String first = ids.stream().sorted().limit(SHOWN).toList().toString();
    return ids.isEmpty()
        ? "none"
        : ids.size() <= SHOWN ? first : first + " and " + (ids.size() - SHOWN) + " more";
  }

  /** Answers those whose update is complete. Called after each event. */
  void follow(Turn turn) {
    if (turn.pending.isEmpty()) {
      return;
    }
    for (Map.Entry<RequestId, Awaited> entry : List.copyOf(turn.pending.entrySet())) {
      if (entry.getValue() instanceof Awaited.Scaled scaled) {
        int reached = reached(turn, scaled);
        if (reached == scaled.containers().size()) {
          turn.answer(scaled::equals, Outcome.done(scaled.summary()));
        } else if (reached > scaled.reached()) {
          turn.await(
              entry.getKey(), new Awaited.Scaled(scaled.containers(), reached, scaled.summary()));
        }
      }
    }
  }

  private static int reached(Turn turn, Awaited.Scaled scaled) {
    int reached = scaled.reached();
    while (reached < scaled.containers().size()
        && turn.containers
            .get(scaled.containers().get(reached))
            .map(each -> each.life() == Life.RUNNING && each.aim() != Aim.REMOVE)
            .orElse(true)) {
      reached++;
    }
    return reached;
  }
}
