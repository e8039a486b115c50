package org.apache.heron.framework.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.placement.Penalty;

/**
 * Agents on which launches or fetches have failed lately: other agents are preferred for a while,
 * ever longer (30 s … 10 min) with each failure in a row. Forgotten when a copy runs there, and
 * with the process. Immutable.
 */
public record Penalties(Map<AgentId, Blame> byAgent) {
  static final Penalties NONE = new Penalties(Map.of());

  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** More agents than that are not remembered: who fails everywhere has another problem. */
  private static final int MOST = 256;

  public Penalties {
    byAgent = Map.copyOf(byAgent);
  }

  /**
   * What an agent is blamed for.
   *
   * @param failures in a row
   * @param until it counts
   * @param reason the last failure, for people
   */
  public record Blame(int failures, Instant until, String reason) {}

  /** The agent's blame if it counts now. */
  public Optional<Blame> of(AgentId agent, Instant now) {
    return Optional.ofNullable(byAgent.get(agent)).filter(blame -> blame.until().isAfter(now));
  }

  /** Those that count now, as placement takes them. */
  Map<AgentId, Penalty> counting(Instant now) {
    Map<AgentId, Penalty> counting = new HashMap<>();
    byAgent.forEach(
        (agent, blame) -> {
          if (blame.until().isAfter(now)) {
            counting.put(agent, new Penalty(blame.until(), blame.reason()));
          }
        });
    return counting;
  }

  Penalties failed(AgentId agent, String reason, Instant now) {
    Map<AgentId, Blame> next = new HashMap<>(byAgent);
    // Kept for a while after it has lapsed, so that the next failure counts as one more.
    next.values().removeIf(blame -> blame.until().plus(LONGEST).isBefore(now));
    int failures = 1 + Optional.ofNullable(next.get(agent)).map(Blame::failures).orElse(0);
    next.put(agent, new Blame(failures, now.plus(wait(failures)), reason));
    if (next.size() > MOST) {
      next.entrySet().stream()
          .min(
              Comparator.comparing((Map.Entry<AgentId, Blame> entry) -> entry.getValue().until())
                  .thenComparing(entry -> entry.getKey().value()))
          .ifPresent(entry -> next.remove(entry.getKey()));
    }
    return new Penalties(next);
  }

  Penalties forgiven(AgentId agent) {
    if (!byAgent.containsKey(agent)) {
      return this;
    }
    Map<AgentId, Blame> next = new HashMap<>(byAgent);
    next.remove(agent);
    return new Penalties(next);
  }

  private static Duration wait(int failures) {
    Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
