package org.apache.heron.framework.core;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Unavailability;

/**
 * The maintenance windows of agents that run containers of ours, as the master has announced them.
 * Immutable.
 */
public record Windows(Map<AgentId, Window> byAgent) {
  static final Windows NONE = new Windows(Map.of());

  public Windows {
    byAgent = Map.copyOf(byAgent);
  }

  /**
   * When an agent will be unavailable.
   *
   * @param duration empty if nobody knows when it returns
   * @param announced the inverse offer that said so
   * @param heard when it was said last
   */
  public record Window(
      Instant start, Optional<Duration> duration, OfferId announced, Instant heard) {
    static Window of(Unavailability unavailability, OfferId announced, Instant heard) {
      Optional<Duration> duration =
          unavailability.hasDuration()
              ? Optional.of(Duration.ofNanos(unavailability.getDuration().getNanoseconds()))
              : Optional.empty();
      Instant start =
          Instant.EPOCH.plus(Duration.ofNanos(unavailability.getStart().getNanoseconds()));
      return new Window(start, duration, announced, heard);
    }

    boolean isOver(Instant now) {
      return duration.map(start::plus).filter(end -> !end.isAfter(now)).isPresent();
    }
  }

  /** The agent's window, if it begins within the lead time or has begun, and is not over. */
  public Optional<Window> closing(AgentId agent, Instant now, Duration lead) {
    return Optional.ofNullable(byAgent.get(agent))
        .filter(window -> !window.start().minus(lead).isAfter(now) && !window.isOver(now));
  }

  Windows with(AgentId agent, Window window, Instant now) {
    Map<AgentId, Window> next = new HashMap<>(byAgent);
    next.values().removeIf(each -> each.isOver(now));
    next.put(agent, window);
    return new Windows(next);
  }

  /** Without those of which nothing was heard since. */
  Windows heardSince(Instant since) {
    Map<AgentId, Window> next = new HashMap<>(byAgent);
    next.values().removeIf(window -> window.heard().isBefore(since));
    return new Windows(next);
  }

  /** All as if they had been announced now. */
  Windows heard(Instant now) {
    Map<AgentId, Window> next = new HashMap<>(byAgent);
    next.replaceAll(
        (agent, each) -> new Window(each.start(), each.duration(), each.announced(), now));
    return new Windows(next);
  }

  Windows without(AgentId agent) {
    Map<AgentId, Window> next = new HashMap<>(byAgent);
    next.remove(agent);
    return new Windows(next);
  }

  /** When containers next have to begin to move; empty if no window is ahead. */
  Optional<Instant> nextLead(Instant now, Duration lead) {
    return byAgent.values().stream()
        .map(window -> window.start().minus(lead))
        .filter(instant -> instant.isAfter(now))
        .min(Instant::compareTo);
  }
}
