package org.apache.heron.framework.placement;

import static org.apache.heron.framework.placement.Fixture.SMALL;
import static org.apache.heron.framework.placement.Fixture.counts;
import static org.apache.heron.framework.placement.Fixture.refusal;
import static org.apache.heron.framework.placement.Fixture.wish;
import static org.apache.heron.framework.placement.Fixture.wishes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.placement.Rules.Gang;
import org.junit.jupiter.api.Test;

/** A first launch is of all containers or of none. */
class GangTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private static Round round(Gang gang, List<Wish> wishes, Offered... offers) {
    return Round.of(List.of(offers), wishes, Rules.PLAIN.withGang(gang)).at(NOW);
  }

  private static Offered usual(String agent) {
    return OfferBuilder.like("O-" + agent, agent).offered();
  }

  @Test
  void aTopologyThatDoesNotFitAsAWholeTakesNothingAndSaysWhatIsMissing() {
    Round round = round(Gang.ALWAYS, wishes(5, SMALL), usual("a1")).firstLaunchSince(NOW);
    Placement placement = Placer.place(round);
    assertThat(placement.launches()).isEmpty();
    assertThat(placement.unused()).hasSize(1);
    assertThat(placement.held()).isTrue();
    assertThat(placement.refusals()).hasSize(5);
    assertThat(refusal(placement, 1).text())
        .isEqualTo(
            "fits, but nothing is launched until all containers fit at once: 4 of 5 fit; the other"
                + " needs 1.0 cpus, 512 MB mem, 100 MB disk and 9 ports, of which the agents together"
                + " lack 1.0 cpus; the largest lack: container 5"
                + " needs 1.0 cpus: 1 of 1 agent lacks 1.0; nearest: a1.example lacks 1.0 of 1.0"
                + " cpus");
    assertThat(refusal(placement, 5).text()).startsWith("needs 1.0 cpus");
  }

  @Test
  void whatAllOthersLackTogetherIsSaidAndWhichLacksMost() {
    List<Wish> wishes = new ArrayList<>(wishes(40, SMALL));
    wishes.add(wish(41, new Size(6000, 512_000, 0, 9)));
    Placement placement =
        Placer.place(round(Gang.ALWAYS, wishes, usual("a1"), usual("a2")).firstLaunchSince(NOW));
    assertThat(refusal(placement, 1).text())
        .startsWith(
            "fits, but nothing is launched until all containers fit at once: 8 of 41 fit; the"
                + " other 33 need in sum 38.0 cpus, 16896 MB mem, 3200 MB disk and 297 ports, of"
                + " which the agents together lack 38.0 cpus and 12800 MB mem; the largest lack:"
                + " container ");
    assertThat(refusal(placement, 1).remedies())
        .containsExactly("38.0 cpus and 12800 MB mem more, or another heron.mesos.gang.wait.ms");
    assertThat(placement.heldBack()).contains((Refusal.HeldBack) refusal(placement, 1));
  }

  @Test
  void whatIsThereButInPiecesIsSaidToBe() {
    List<Wish> wishes = List.of(wish(1, SMALL), wish(2, new Size(6000, 512_000, 0, 9)));
    Placement placement =
        Placer.place(round(Gang.ALWAYS, wishes, usual("a1"), usual("a2")).firstLaunchSince(NOW));
    assertThat(refusal(placement, 1).text())
        .contains(
            "1 of 2 fits; the other needs 6.0 cpus, 512 MB mem and 9 ports, which the agents have"
                + " together, but in pieces or out of bounds; the largest lack: container 2 needs"
                + " 6.0 cpus: 2 of 2 agents lack 2.0 or more");
    assertThat(refusal(placement, 1).remedies())
        .containsExactly("room for the others, or another heron.mesos.gang.wait.ms");
  }

  @Test
  void aSmallClusterIsPackedIfSpreadingWouldNotFit() {
    // Spread, the two small ones would take a half of each agent, and the large one would not fit.
    Size large = new Size(4000, 1_000_000, 0, 9);
    Size small = new Size(2000, 1_000_000, 0, 9);
    Wish manager = wish(0, small);
    List<Wish> wishes = List.of(manager, wish(1, large), wish(2, small));
    Offered wide = OfferBuilder.offer("O1", "a1").cpus(4).mem(4096).ports(1, 99).offered();
    Offered same = OfferBuilder.offer("O2", "a2").cpus(4).mem(4096).ports(1, 99).offered();
    Placement placement =
        Placer.place(round(Gang.ALWAYS, wishes, wide, same).firstLaunchSince(NOW));
    assertThat(placement.refusals()).isEmpty();
    assertThat(counts(placement).values()).containsExactlyInAnyOrder(1, 2);
    Offered large8 = OfferBuilder.offer("O3", "a3").cpus(5).mem(4096).ports(1, 99).offered();
    Offered small4 = OfferBuilder.offer("O4", "a4").cpus(3).mem(4096).ports(1, 99).offered();
    // Container 0 would go where most is left, which is where alone the large one fits.
    Placement packed =
        Placer.place(
            round(Gang.ALWAYS, wishes.subList(0, 2), large8, small4).firstLaunchSince(NOW));
    assertThat(counts(packed)).containsOnly(Map.entry("a3", 1), Map.entry("a4", 1));
    assertThat(packed.fitness().values()).allMatch(each -> each.policy() == Policy.PACK);
  }

  @Test
  void afterTheLimitWhatFitsIsLaunched() {
    Gang limited = new Gang(true, Optional.of(Duration.ofMinutes(1)));
    Round round = round(limited, wishes(5, SMALL), usual("a1")).firstLaunchSince(NOW);
    Placement early = Placer.place(round.at(NOW.plusSeconds(59)));
    assertThat(early.held()).isTrue();
    assertThat(refusal(early, 1).text()).contains("at once, or until 2026-11-21T00:01:00Z: ");
    Placement late = Placer.place(round.at(NOW.plusSeconds(60)));
    assertThat(late.held()).isFalse();
    assertThat(counts(late)).containsOnly(Map.entry("a1", 4));
    assertThat(late.refusals()).hasSize(1);
  }

  @Test
  void onceLaunchedContainersAreReplacedOneByOne() {
    Placement placement = Placer.place(round(Gang.ALWAYS, wishes(5, SMALL), usual("a1")));
    assertThat(counts(placement)).containsOnly(Map.entry("a1", 4));
  }

  @Test
  void whereNothingFitsAtAllNothingIsHeldBack() {
    Size large = new Size(9000, 0, 0, 0);
    Placement placement =
        Placer.place(round(Gang.ALWAYS, wishes(2, large), usual("a1")).firstLaunchSince(NOW));
    assertThat(placement.held()).isFalse();
    assertThat(refusal(placement, 2).text()).startsWith("needs 9.0 cpus: 1 of 1 agent lacks 5.0");
  }

  @Test
  void withoutOffersThereIsNothingToSay() {
    Placement placement = Placer.place(round(Gang.ALWAYS, wishes(2, SMALL)).firstLaunchSince(NOW));
    assertThat(placement.refusals()).isEmpty();
    assertThat(placement.held()).isFalse();
  }
}
