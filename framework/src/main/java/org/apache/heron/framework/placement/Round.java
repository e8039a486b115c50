package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.identity.AgentId;

/**
 * All that one round of placement looks at. Immutable.
 *
 * @param offers all that are at hand
 * @param wishes the containers that wait
 * @param residents where our containers have copies; one that is wished anew is on its way out and
 *     does not count
 * @param penalties agents that are taken last; one whose time is over does not count
 * @param avoided agents that are not used, with the reason
 * @param firstLaunch since when the whole topology waits for its first launch; empty if some
 *     container was launched before
 */
public record Round(
    Collection<Offered> offers,
    Collection<Wish> wishes,
    Collection<Resident> residents,
    Rules rules,
    Map<AgentId, Penalty> penalties,
    Map<AgentId, String> avoided,
    Optional<Instant> firstLaunch,
    Instant now) {

  public Round {
    offers = List.copyOf(offers);
    wishes = List.copyOf(wishes);
    residents = List.copyOf(residents);
    penalties = Map.copyOf(penalties);
    avoided = Map.copyOf(avoided);
  }

  /** A round in which nothing else matters. */
  public static Round of(Collection<Offered> offers, Collection<Wish> wishes, Rules rules) {
    return new Round(
        offers, wishes, List.of(), rules, Map.of(), Map.of(), Optional.empty(), Instant.EPOCH);
  }

  /** This round with these residents. */
  public Round withResidents(Collection<Resident> others) {
    return new Round(offers, wishes, others, rules, penalties, avoided, firstLaunch, now);
  }

  /** This round with these penalties. */
  public Round withPenalties(Map<AgentId, Penalty> others) {
    return new Round(offers, wishes, residents, rules, others, avoided, firstLaunch, now);
  }

  /** This round with these agents left alone. */
  public Round withAvoided(Map<AgentId, String> others) {
    return new Round(offers, wishes, residents, rules, penalties, others, firstLaunch, now);
  }

  /** This round as the first launch of all, waiting since then. */
  public Round firstLaunchSince(Instant since) {
    return new Round(offers, wishes, residents, rules, penalties, avoided, Optional.of(since), now);
  }

  /** This round as if only these agents had offered. */
  Round among(Set<AgentId> agents) {
    return new Round(
        offers.stream().filter(offer -> agents.contains(offer.agent())).toList(),
        wishes,
        residents,
        rules,
        penalties,
        avoided,
        firstLaunch,
        now);
  }

  /** This round at another time. */
  public Round at(Instant time) {
    return new Round(offers, wishes, residents, rules, penalties, avoided, firstLaunch, time);
  }
}
