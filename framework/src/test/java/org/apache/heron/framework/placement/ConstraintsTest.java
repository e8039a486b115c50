package org.apache.heron.framework.placement;

import static org.apache.heron.framework.placement.Constraint.Operator.CLUSTER;
import static org.apache.heron.framework.placement.Constraint.Operator.GROUP_BY;
import static org.apache.heron.framework.placement.Constraint.Operator.IS;
import static org.apache.heron.framework.placement.Constraint.Operator.LIKE;
import static org.apache.heron.framework.placement.Constraint.Operator.MAX_PER;
import static org.apache.heron.framework.placement.Constraint.Operator.UNIQUE;
import static org.apache.heron.framework.placement.Constraint.Operator.UNLIKE;
import static org.apache.heron.framework.placement.Fixture.SMALL;
import static org.apache.heron.framework.placement.Fixture.constraint;
import static org.apache.heron.framework.placement.Fixture.counts;
import static org.apache.heron.framework.placement.Fixture.inRacks;
import static org.apache.heron.framework.placement.Fixture.noPlace;
import static org.apache.heron.framework.placement.Fixture.resident;
import static org.apache.heron.framework.placement.Fixture.wishes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Marathon's vocabulary, as Marathon means it. */
class ConstraintsTest {
  private static Placement place(List<Offered> offers, int containers, Constraint... constraints) {
    return Placer.place(round(offers, containers, constraints));
  }

  private static Round round(List<Offered> offers, int containers, Constraint... constraints) {
    return Round.of(offers, wishes(containers, SMALL), Rules.PLAIN.withConstraints(constraints));
  }

  @Test
  void uniqueMeansOneOfUsOnEachHost() {
    Placement placement = place(inRacks("r1", "r1"), 3, constraint("hostname", UNIQUE));
    assertThat(counts(placement)).containsOnly(entry("a1", 1), entry("a2", 1));
    assertThat(noPlace(placement, 3).text())
        .isEqualTo(
            "2 of 2 agents are excluded by hostname UNIQUE; nearest: a1.example is excluded by"
                + " hostname UNIQUE (hostname a1.example has 1 already)");
    assertThat(noPlace(placement, 3).remedies())
        .containsExactly("it would fit on a1.example without hostname UNIQUE");
  }

  @Test
  void whatRunsAlreadyCountsAlsoWhereNothingIsOffered() {
    Round round =
        round(inRacks("r1", "r2"), 2, constraint("rack", UNIQUE))
            .withResidents(List.of(resident(7, "elsewhere", "r1")));
    assertThat(counts(Placer.place(round))).containsOnly(entry("a2", 1));
  }

  @Test
  void aContainerThatIsReplacedDoesNotCountAgainstItself() {
    Round round =
        round(inRacks("r1"), 1, constraint("rack", UNIQUE))
            .withResidents(List.of(resident(1, "a1", "r1")));
    assertThat(counts(Placer.place(round))).containsOnly(entry("a1", 1));
  }

  @Test
  void maxPerCountsThoseThatRun() {
    Round round =
        round(inRacks("r1", "r2"), 4, constraint("rack", MAX_PER, "2"))
            .withResidents(List.of(resident(9, "a1", "r1")));
    Placement placement = Placer.place(round);
    assertThat(counts(placement)).containsOnly(entry("a1", 1), entry("a2", 2));
    assertThat(placement.refusals()).hasSize(1);
  }

  @Test
  void groupByKeepsRacksEven() {
    Placement placement = place(inRacks("r1", "r1", "r1", "r2"), 6, constraint("rack", GROUP_BY));
    assertThat(counts(placement)).containsEntry("a4", 3);
    assertThat(placement.refusals()).isEmpty();
  }

  @Test
  void groupByTakesNoRackTwiceBeforeTheOthersAreServed() {
    Round round =
        round(inRacks("r1", "r1"), 1, constraint("rack", GROUP_BY))
            .withResidents(List.of(resident(8, "a1", "r1"), resident(9, "b", "r2")));
    assertThat(counts(Placer.place(round))).hasSize(1);
    Round uneven =
        round.withResidents(
            List.of(resident(7, "a1", "r1"), resident(8, "a1", "r1"), resident(9, "b", "r2")));
    Placement placement = Placer.place(uneven);
    assertThat(placement.launches()).isEmpty();
    assertThat(noPlace(placement, 1).text())
        .startsWith("2 of 2 agents are excluded by rack GROUP_BY; nearest: a1.example")
        .endsWith("(rack r1 has 2, another has 1)");
  }

  @Test
  void groupByWithANumberWaitsForSoManyRacks() {
    Placement placement = place(inRacks("r1", "r2"), 3, constraint("rack", GROUP_BY, "3"));
    assertThat(counts(placement)).containsOnly(entry("a1", 1), entry("a2", 1));
    assertThat(noPlace(placement, 3).text()).contains("only 2 of 3 are");
  }

  @Test
  void aFullRackDoesNotLetTheOthersRunAhead() {
    List<Offered> offers =
        List.of(
            OfferBuilder.like("O1", "a1").attribute("rack", "r1").offered(),
            OfferBuilder.offer("O2", "a2")
                .cpus(1)
                .mem(512)
                .disk(100)
                .ports(1, 9)
                .attribute("rack", "r2")
                .offered());
    Placement placement = place(offers, 4, constraint("rack", GROUP_BY));
    assertThat(counts(placement)).containsOnly(entry("a1", 2), entry("a2", 1));
    assertThat(placement.refusals()).hasSize(1);
  }

  @Test
  void clusterWithoutValueGoesWhereThereIsMostRoomAndStaysThere() {
    List<Offered> offers = inRacks("r1", "r2", "r2");
    Placement placement = place(offers, 6, constraint("rack", CLUSTER));
    assertThat(counts(placement)).containsOnly(entry("a2", 3), entry("a3", 3));
    Round later =
        round(offers, 1, constraint("rack", CLUSTER))
            .withResidents(List.of(resident(9, "gone", "r1")));
    assertThat(counts(Placer.place(later))).containsOnly(entry("a1", 1));
  }

  @Test
  void clusterWithAValueAndIsAndLikeChooseByTheValue() {
    List<Offered> offers = inRacks("r1", "r2", "");
    assertThat(counts(place(offers, 1, constraint("rack", CLUSTER, "r2")))).containsOnlyKeys("a2");
    assertThat(counts(place(offers, 1, constraint("rack", IS, "r2")))).containsOnlyKeys("a2");
    assertThat(counts(place(offers, 1, constraint("rack", LIKE, "r[2-9]")))).containsOnlyKeys("a2");
    assertThat(counts(place(offers, 1, constraint("rack", LIKE, "2")))).isEmpty();
    assertThat(counts(place(offers, 1, constraint("hostname", LIKE, "a1.*"))))
        .containsOnlyKeys("a1");
  }

  @Test
  void whatIsMissingIsOnlyUnlikeSomething() {
    List<Offered> offers = inRacks("");
    assertThat(counts(place(offers, 1, constraint("rack", UNLIKE, "r1")))).containsOnlyKeys("a1");
    for (Constraint constraint :
        List.of(
            constraint("rack", UNIQUE),
            constraint("rack", CLUSTER),
            constraint("rack", GROUP_BY),
            constraint("rack", LIKE, ".*"),
            constraint("rack", MAX_PER, "5"),
            constraint("@zone", IS, ""))) {
      Placement placement = place(offers, 1, constraint);
      assertThat(placement.launches()).as(constraint.text()).isEmpty();
      assertThat(noPlace(placement, 1).text()).contains("it has no " + constraint.field());
    }
  }

  /**
   * java.util.regex would recurse until the stack is full on the one, and try for years the other.
   */
  @Test
  @Timeout(60)
  void expressionsAreTriedWithoutRecursionAndWithoutTryingAgain() {
    List<Offered> offers =
        List.of(
            OfferBuilder.like("O1", "a1").attribute("note", "ab".repeat(200_000)).offered(),
            OfferBuilder.like("O2", "a2").attribute("note", "a".repeat(60) + "b").offered());
    assertThat(counts(place(offers, 8, constraint("note", LIKE, "(?:a|b)*"))))
        .containsOnly(entry("a1", 4), entry("a2", 4));
    assertThat(counts(place(offers, 8, constraint("note", UNLIKE, "(a+)+c"))))
        .containsOnly(entry("a1", 4), entry("a2", 4));
  }

  @Test
  void regionsAndZonesAreFieldsLikeAnyOther() {
    List<Offered> offers =
        List.of(
            OfferBuilder.like("O1", "a1").domain("eu", "eu-1").offered(),
            OfferBuilder.like("O2", "a2").domain("eu", "eu-2").offered(),
            OfferBuilder.like("O3", "a3").domain("us", "us-1").offered());
    assertThat(counts(place(offers, 3, constraint("@region", IS, "us")))).containsOnlyKeys("a3");
    assertThat(
            counts(
                place(
                    offers, 2, constraint("@region", IS, "eu"), constraint("@zone", MAX_PER, "1"))))
        .containsOnly(entry("a1", 1), entry("a2", 1));
  }

  @Test
  void scalarsRangesAndSetsAreComparedByWhatTheyMean() {
    Offered offer =
        OfferBuilder.like("O1", "a1")
            .attribute(
                Attribute.newBuilder()
                    .setName("gen")
                    .setType(Value.Type.SCALAR)
                    .setScalar(Value.Scalar.newBuilder().setValue(3))
                    .build())
            .attribute(
                Attribute.newBuilder()
                    .setName("slots")
                    .setType(Value.Type.RANGES)
                    .setRanges(
                        Value.Ranges.newBuilder()
                            .addRange(Value.Range.newBuilder().setBegin(5).setEnd(7))
                            .addRange(Value.Range.newBuilder().setBegin(1).setEnd(3)))
                    .build())
            .attribute(
                Attribute.newBuilder()
                    .setName("labels")
                    .setType(Value.Type.SET)
                    .setSet(Value.Set.newBuilder().addItem("ssd").addItem("fast"))
                    .build())
            .offered();
    for (Constraint met :
        List.of(
            constraint("gen", IS, "3"),
            constraint("gen", IS, "3.0"),
            constraint("gen", CLUSTER, "3.0"),
            constraint("labels", CLUSTER, "{ssd, fast}"),
            constraint("gen", LIKE, "[3-9]"),
            constraint("slots", IS, "[1-3, 5-7]"),
            constraint("slots", IS, "[5-7,1-3]"),
            constraint("labels", IS, "{ssd, fast}"),
            constraint("labels", LIKE, ".*ssd.*"))) {
      assertThat(counts(place(List.of(offer), 1, met))).as(met.text()).containsOnlyKeys("a1");
    }
    for (Constraint unmet :
        List.of(
            constraint("gen", IS, "4"),
            constraint("slots", IS, "[1-3]"),
            constraint("labels", IS, "{ssd}"),
            constraint("labels", UNLIKE, ".*ssd.*"))) {
      assertThat(counts(place(List.of(offer), 1, unmet))).as(unmet.text()).isEmpty();
    }
  }

  @Test
  void allConstraintsHoldTogether() {
    Placement placement =
        place(
            inRacks("r1", "r1", "r2", "r2", "r3"),
            5,
            constraint("rack", GROUP_BY),
            constraint("hostname", UNIQUE),
            constraint("rack", UNLIKE, "r3"));
    assertThat(counts(placement))
        .containsOnly(entry("a1", 1), entry("a2", 1), entry("a3", 1), entry("a4", 1));
    assertThat(placement.refusals()).hasSize(1);
  }

  private static java.util.Map.Entry<String, Integer> entry(String agent, int count) {
    return java.util.Map.entry(agent, count);
  }
}
