package org.apache.heron.framework.placement;

import static org.apache.heron.framework.placement.Fixture.SMALL;
import static org.apache.heron.framework.placement.Fixture.counts;
import static org.apache.heron.framework.placement.Fixture.noPlace;
import static org.apache.heron.framework.placement.Fixture.refusal;
import static org.apache.heron.framework.placement.Fixture.resident;
import static org.apache.heron.framework.placement.Fixture.wish;
import static org.apache.heron.framework.placement.Fixture.wishes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.junit.jupiter.api.Test;

/** Which of the agents that it fits on a container goes to. */
class ChoiceTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private static Round round(List<Wish> wishes, Offered... offers) {
    return Round.of(List.of(offers), wishes, Rules.PLAIN).at(NOW);
  }

  private static Offered usual(String agent) {
    return OfferBuilder.like("O-" + agent, agent).offered();
  }

  private static Round with(Round round, Rules rules) {
    return new Round(
        round.offers(),
        round.wishes(),
        round.residents(),
        rules,
        round.penalties(),
        round.avoided(),
        round.firstLaunch(),
        round.now());
  }

  @Test
  void packFillsTheFullestAgentThatStillHasRoom() {
    Offered half =
        OfferBuilder.offer("O3", "a3").cpus(2).mem(4096).disk(999).ports(1, 99).offered();
    Round round = round(wishes(3, SMALL), usual("a1"), half, usual("a2"));
    Placement placement = Placer.place(with(round, Rules.PLAIN.withPolicy(Policy.PACK)));
    assertThat(counts(placement)).containsOnly(Map.entry("a1", 1), Map.entry("a3", 2));
    assertThat(placement.fitness().get(new ContainerId(2)).text())
        .isEqualTo("packed: 1 of ours there before, 0.0 cpus and 3072 MB mem left of the offer");
  }

  @Test
  void spreadSaysHowManyOfUsWereThere() {
    Round round =
        round(wishes(1, SMALL), usual("a1")).withResidents(List.of(resident(9, "a1", "")));
    assertThat(Placer.place(round).fitness().get(new ContainerId(1)).text())
        .isEqualTo("spread: 1 of ours there before, 3.0 cpus and 3584 MB mem left of the offer");
  }

  @Test
  void anAgentThatFailedUsComesLastUntilItsTimeIsOver() {
    Map<AgentId, Penalty> penalties =
        Map.of(new AgentId("a1"), new Penalty(NOW.plusSeconds(60), "a fetch failed"));
    Round round = round(wishes(4, SMALL), usual("a1"), usual("a2")).withPenalties(penalties);
    assertThat(counts(Placer.place(round))).containsOnly(Map.entry("a2", 4));
    assertThat(counts(Placer.place(round.at(NOW.plusSeconds(61)))))
        .containsOnly(Map.entry("a1", 2), Map.entry("a2", 2));
    Placement alone = Placer.place(round(wishes(1, SMALL), usual("a1")).withPenalties(penalties));
    assertThat(counts(alone)).containsOnly(Map.entry("a1", 1));
    assertThat(alone.fitness().get(new ContainerId(1)).text())
        .endsWith(
            "only because nothing else fits: it is penalised until 2026-11-21T00:01:00Z"
                + " (a fetch failed)");
  }

  @Test
  void agentsWithGpusAreLeftToThoseWhoNeedThem() {
    Offered withGpus = OfferBuilder.like("O1", "a1").gpus(2).offered();
    List<Wish> wishes =
        List.of(wish(1, SMALL), wish(2, SMALL.withGpus(1)), wish(3, SMALL.withGpus(1)));
    Placement placement = Placer.place(round(wishes, withGpus, usual("a2")));
    assertThat(counts(placement)).containsOnly(Map.entry("a1", 2), Map.entry("a2", 1));
    Placement third =
        Placer.place(round(List.of(wish(4, SMALL.withGpus(3))), withGpus, usual("a2")));
    assertThat(refusal(third, 4).text())
        .isEqualTo(
            "needs 3 gpus: 2 of 2 agents lack 1 or more; nearest: a1.example lacks 1 of 3 gpus");
    assertThat(counts(Placer.place(round(wishes(1, SMALL), withGpus)))).containsOnlyKeys("a1");
  }

  @Test
  void anAgentInMaintenanceIsNotUsedAndOneThatWillBeComesLast() {
    Offered soon =
        OfferBuilder.like("O1", "a1")
            .unavailable(NOW.plus(Duration.ofMinutes(30)), Duration.ofHours(1))
            .offered();
    Offered later =
        OfferBuilder.like("O2", "a2")
            .unavailable(NOW.plus(Duration.ofHours(30)), Duration.ofHours(1))
            .offered();
    Offered over =
        OfferBuilder.like("O3", "a3")
            .unavailable(NOW.minus(Duration.ofHours(2)), Duration.ofHours(1))
            .offered();
    Round round = round(wishes(4, SMALL), soon, later, over);
    assertThat(counts(Placer.place(round))).containsOnly(Map.entry("a3", 4));
    assertThat(counts(Placer.place(round(wishes(1, SMALL), soon, later)))).containsOnlyKeys("a2");
    assertThat(noPlace(Placer.place(round(wishes(1, SMALL), soon)), 1).text())
        .isEqualTo(
            "1 of 1 agent is in maintenance or about to be; nearest: a1.example is in maintenance"
                + " from 2026-11-21T00:30:00Z until 2026-11-21T01:30:00Z");
  }

  @Test
  void anAgentThatIsAvoidedIsNotUsedForTheReasonGiven() {
    Round round =
        round(wishes(1, SMALL), usual("a1"))
            .withAvoided(Map.of(new AgentId("a1"), "it is being drained"));
    assertThat(noPlace(Placer.place(round), 1).text())
        .isEqualTo(
            "1 of 1 agent is avoided: it is being drained; nearest: a1.example is avoided: it is"
                + " being drained");
    assertThat(noPlace(Placer.place(round), 1).remedies())
        .containsExactly("another agent with 1.0 cpus, 512.0 MB mem, 100.0 MB disk, 9 ports free");
  }

  @Test
  void containerZeroComesBackToItsHostAndItsPorts() {
    List<Integer> ports = List.of(31500, 31007, 31006, 1, 31002, 31003, 31004, 31005, 31008);
    Wish manager =
        new Wish(
            ContainerId.MANAGER,
            SMALL,
            Optional.of(new Former(Optional.of(new AgentId("a2")), ports)));
    Round round =
        round(List.of(wish(1, SMALL), manager), usual("a1"), usual("a2"))
            .withResidents(List.of(resident(8, "a2", "")));
    Placement placement = Placer.place(round);
    Launch launch =
        placement.launches().stream()
            .filter(each -> each.agent().value().equals("a2"))
            .findFirst()
            .orElseThrow();
    assertThat(launch.containers()).hasSize(1);
    // The one that is not offered is replaced, the others keep their uses.
    assertThat(launch.containers().get(0).ports())
        .containsExactly(31500, 31007, 31006, 31000, 31002, 31003, 31004, 31005, 31008);
    assertThat(placement.fitness().get(ContainerId.MANAGER).text())
        .startsWith("where it was before, ");
  }

  @Test
  void containerZeroTakesItsPortsAlongWhenItsHostIsGone() {
    List<Integer> ports = List.of(31100, 31101, 31102, 31103, 31104, 31105, 31106, 31107, 31108);
    Wish manager =
        new Wish(
            ContainerId.MANAGER,
            SMALL,
            Optional.of(new Former(Optional.of(new AgentId("gone")), ports)));
    Placement placement = Placer.place(round(List.of(manager), usual("a1")));
    assertThat(placement.launches().get(0).containers().get(0).ports()).isEqualTo(ports);
  }

  @Test
  void aFormerHostThatHasFailedUsIsNotPreferred() {
    Wish manager =
        new Wish(
            ContainerId.MANAGER,
            SMALL,
            Optional.of(new Former(Optional.of(new AgentId("a1")), List.of(31000))));
    Round round =
        round(List.of(manager), usual("a1"), usual("a2"))
            .withPenalties(
                Map.of(new AgentId("a1"), new Penalty(NOW.plusSeconds(60), "it failed")));
    assertThat(counts(Placer.place(round))).containsOnlyKeys("a2");
  }
}
