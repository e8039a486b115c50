package org.apache.heron.framework.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.RecordChange;

/**
 * Holds effects until they may be carried out. For one thread.
 *
 * <p>INVARIANT: effects leave in the order in which they came, one write is under way at a time,
 * and while it is, nothing leaves. Only writes may overtake: those that wait join the write that
 * leaves, so that a burst of decisions costs one transaction. Being on record earlier than need be
 * harms nothing.
 */
public final class Outbox {
  private final Deque<Effect> waiting = new ArrayDeque<>();
  private boolean writing;

  /** Adds a decision's effects. */
  public void add(List<Effect> effects) {
    waiting.addAll(effects);
  }

  /** Takes the next effect that may be carried out now; empty if none may. */
  public Optional<Effect> next() {
    if (writing || waiting.isEmpty()) {
      return Optional.empty();
    }
    Effect effect = waiting.remove();
    if (effect instanceof Effect.Persist persist) {
      writing = true;
      return Optional.of(joined(persist));
    }
    writing = effect instanceof Effect.Forget;
    return Optional.of(effect);
  }

  /** The write that has left is durable. */
  public void durable() {
    writing = false;
  }

  /** How many effects wait. */
  public int size() {
    return waiting.size();
  }

  private Effect.Persist joined(Effect.Persist first) {
    List<RecordChange> changes = new ArrayList<>(first.changes());
    // Taken apart and put together again: removing from the middle would cost the square.
    List<Effect> rest = new ArrayList<>(waiting);
    waiting.clear();
    boolean reached = false;
    for (Effect effect : rest) {
      if (effect instanceof Effect.Persist later && !reached) {
        changes.addAll(later.changes());
      } else {
        waiting.add(effect);
      }
      reached = reached || effect instanceof Effect.Forget;
    }
    Map<Object, RecordChange> latest = new LinkedHashMap<>();
    for (RecordChange change : changes) {
      latest.put(keyOf(change), change);
    }
    return new Effect.Persist(List.copyOf(latest.values()));
  }

  private static Object keyOf(RecordChange change) {
    if (change instanceof RecordChange.Put put) {
      return put.container().id();
    }
    if (change instanceof RecordChange.Remove remove) {
      return remove.container();
    }
    return "framework";
  }
}
