package org.apache.heron.framework.placement;

import static java.util.Map.entry;
import static org.apache.heron.framework.placement.Constraint.Operator.CLUSTER;
import static org.apache.heron.framework.placement.Constraint.Operator.UNIQUE;
import static org.apache.heron.framework.placement.Constraint.Operator.UNLIKE;
import static org.apache.heron.framework.placement.Fixture.SMALL;
import static org.apache.heron.framework.placement.Fixture.constraint;
import static org.apache.heron.framework.placement.Fixture.counts;
import static org.apache.heron.framework.placement.Fixture.inRacks;
import static org.apache.heron.framework.placement.Fixture.noPlace;
import static org.apache.heron.framework.placement.Fixture.wish;
import static org.apache.heron.framework.placement.Fixture.wishes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.heron.framework.identity.AgentId;
import org.junit.jupiter.api.Test;

/** Where a {@code CLUSTER} without a value goes: any place may be it, as long as all fit there. */
class ClusterTest {
  private static final Constraint RACK = constraint("rack", CLUSTER);
  private static final Constraint HOST = constraint("hostname", CLUSTER);

  private static OfferBuilder agent(String name, String rack, double cpus, double mem) {
    return OfferBuilder.offer("O-" + name, name)
        .cpus(cpus)
        .mem(mem)
        .disk(1_000_000)
        .ports(31000, 31999)
        .attribute("rack", rack);
  }

  private static Round round(List<Offered> offers, List<Wish> wishes, Constraint... constraints) {
    return Round.of(offers, wishes, Rules.PLAIN.withConstraints(constraints));
  }

  @Test
  void itGoesWhereAllFitAndNotWhereThereAreMostCpus() {
    List<Offered> offers =
        List.of(agent("a", "r1", 32, 100).offered(), agent("b", "r2", 8, 16384).offered());
    for (Constraint cluster : List.of(RACK, HOST)) {
      Placement placement = Placer.place(round(offers, wishes(3, SMALL), cluster));
      assertThat(counts(placement)).containsOnly(entry("b", 3));
      assertThat(placement.refusals()).isEmpty();
    }
  }

  @Test
  void twoClustersAreChosenTogether() {
    // Rack r2 has most cpus, host a the most of one host.
    List<Offered> offers =
        List.of(
            agent("a", "r1", 6, 16384).offered(),
            agent("b", "r2", 5, 16384).offered(),
            agent("c", "r2", 5, 16384).offered());
    assertThat(counts(Placer.place(round(offers, wishes(3, SMALL), RACK, HOST))))
        .containsOnly(entry("a", 3));
  }

  @Test
  void itGoesWhereTheGpusAreThatAreNeeded() {
    List<Offered> offers =
        List.of(
            agent("a", "r1", 64, 65536).offered(),
            agent("b", "r2", 8, 16384).gpus(4).offered(),
            agent("c", "r2", 8, 16384).offered());
    Size learning = new Size(1000, 512_000, 100_000, 9).withGpus(2);
    Placement placement =
        Placer.place(
            round(offers, List.of(wish(0, SMALL), wish(1, learning), wish(2, learning)), RACK));
    assertThat(counts(placement)).containsEntry("b", 2).doesNotContainKey("a");
    assertThat(placement.refusals()).isEmpty();
  }

  @Test
  void itGoesOnlyWhereTheOtherConstraintsAllowIt() {
    List<Offered> offers = inRacks("r1", "r2", "r2", "r2", "r3", "r3");
    assertThat(
            counts(
                Placer.place(
                    round(
                        offers,
                        wishes(2, SMALL),
                        RACK,
                        constraint("rack", UNLIKE, "r2"),
                        constraint("hostname", UNIQUE)))))
        .containsOnly(entry("a5", 1), entry("a6", 1));
    Round avoided =
        round(offers, wishes(6, SMALL), RACK)
            .withAvoided(Map.of(new AgentId("a3"), "it drains", new AgentId("a2"), "it drains"));
    assertThat(counts(Placer.place(avoided))).containsOnly(entry("a5", 3), entry("a6", 3));
  }

  @Test
  void whereNotAllFitItGoesWhereMostFitAndTheRestIsToldSo() {
    List<Offered> offers =
        List.of(agent("a", "r1", 32, 1024).offered(), agent("b", "r2", 3, 16384).offered());
    Placement placement = Placer.place(round(offers, wishes(4, SMALL), RACK));
    assertThat(counts(placement)).containsOnly(entry("b", 3));
    Refusal.NoPlace refusal = noPlace(placement, 4);
    assertThat(refusal.verdicts())
        .extracting(Verdict::text)
        .contains("a.example is excluded by rack CLUSTER (rack r2 takes the most of all)");
    assertThat(refusal.remedies())
        .containsExactly(
            "it would fit on b.example with 1.0 cpus more",
            "it would fit on a.example without rack CLUSTER");
  }

  @Test
  void whereNothingFitsNoAgentIsExcludedByAChoice() {
    List<Offered> offers =
        List.of(agent("a", "r1", 32, 100).offered(), agent("b", "r2", 0.5, 16384).offered());
    Placement placement = Placer.place(round(offers, wishes(1, SMALL), RACK));
    assertThat(noPlace(placement, 1).text()).doesNotContain("CLUSTER");
    assertThat(noPlace(placement, 1).remedies())
        .containsExactly("it would fit on b.example with 0.5 cpus more");
  }

  @Test
  void aFirstLaunchFindsTheHostThatHoldsAllOfIt() {
    Round first =
        Round.of(
                List.of(agent("a", "r1", 32, 1024).offered(), agent("b", "r2", 8, 65536).offered()),
                wishes(8, SMALL),
                Rules.PLAIN.withConstraints(HOST).withGang(Rules.Gang.ALWAYS))
            .firstLaunchSince(Instant.EPOCH);
    assertThat(counts(Placer.place(first))).containsOnly(entry("b", 8));
  }

  @Test
  void ofManyHostsTheOnlyOneThatHoldsAllIsFound() {
    List<Offered> offers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      offers.add(agent("a" + i, "r1", 16 + i, i == 77 ? 65536 : 2048 + i).offered());
    }
    assertThat(counts(Placer.place(round(offers, wishes(10, SMALL), HOST))))
        .containsOnly(entry("a77", 10));
  }

  @Property(tries = 300)
  void noOtherRackWouldTakeMore(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int agents,
      @ForAll @IntRange(min = 1, max = 12) int containers) {
    Random random = new Random(seed);
    List<Offered> offers = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      offers.add(
          agent("a" + i, "r" + random.nextInt(4), random.nextInt(9), 512 * random.nextInt(9))
              .revocable("cpus", random.nextInt(3))
              .gpus(random.nextInt(2))
              .offered());
    }
    List<Wish> wished = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      Size size = new Size(500L + 1000L * random.nextInt(3), 512_000L * random.nextInt(4), 1000, 9);
      wished.add(wish(i, random.nextInt(4) == 0 ? size.withGpus(1) : size));
    }
    Rules rules =
        Rules.PLAIN
            .withPolicy(random.nextBoolean() ? Policy.SPREAD : Policy.PACK)
            .withRevocable(random.nextBoolean());
    int chosen = placed(Round.of(offers, wished, rules.withConstraints(RACK)));
    for (int rack = 0; rack < 4; rack++) {
      Constraint there = constraint("rack", CLUSTER, "r" + rack);
      assertThat(placed(Round.of(offers, wished, rules.withConstraints(there))))
          .isLessThanOrEqualTo(chosen);
    }
  }

  private static int placed(Round round) {
    return Placer.place(round).launches().stream()
        .mapToInt(launch -> launch.containers().size())
        .sum();
  }
}
