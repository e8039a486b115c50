package org.apache.heron.framework.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** Constraints hold in every round, and what is said of those that found no place is true. */
class ExplanationPropertiesTest {
  private static final String[] RACKS = {"r1", "r2", "r3", ""};

  private final Map<ContainerId, Size> sizes = new HashMap<>();

  private Round randomRound(Random random, int agents, int wishes) {
    List<Offered> offers = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      OfferBuilder offer =
          OfferBuilder.offer("O" + i, "a" + i)
              .cpus(random.nextInt(5000) / 1000.0)
              .mem(random.nextInt(4000))
              .disk(1000)
              .ports(31000, 31000 + random.nextInt(40));
      String rack = RACKS[random.nextInt(RACKS.length)];
      offers.add((rack.isEmpty() ? offer : offer.attribute("rack", rack)).offered());
    }
    List<Wish> wished = new ArrayList<>();
    for (int i = 0; i < wishes; i++) {
      Size size =
          new Size(250L * (1 + random.nextInt(12)), 256_000L * (1 + random.nextInt(8)), 1000, 9);
      wished.add(new Wish(new ContainerId(i), size));
      sizes.put(new ContainerId(i), size);
    }
    List<Resident> residents = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      residents.add(Fixture.resident(100 + i, "a" + random.nextInt(6), RACKS[random.nextInt(3)]));
    }
    Rules rules =
        Rules.PLAIN
            .withPolicy(random.nextBoolean() ? Policy.SPREAD : Policy.PACK)
            .withConstraints(randomConstraints(random));
    return Round.of(offers, wished, rules).withResidents(residents);
  }

  private static Constraint[] randomConstraints(Random random) {
    List<Constraint> all =
        List.of(
            new Constraint("rack", Constraint.Operator.GROUP_BY, ""),
            new Constraint("rack", Constraint.Operator.GROUP_BY, "2"),
            new Constraint("rack", Constraint.Operator.MAX_PER, "2"),
            new Constraint("hostname", Constraint.Operator.UNIQUE, ""),
            new Constraint("hostname", Constraint.Operator.MAX_PER, "2"),
            new Constraint("rack", Constraint.Operator.CLUSTER, ""),
            new Constraint("rack", Constraint.Operator.UNLIKE, "r2"),
            new Constraint("rack", Constraint.Operator.IS, "r1"));
    return Stream.generate(() -> all.get(random.nextInt(all.size())))
        .limit(random.nextInt(3))
        .distinct()
        .toArray(Constraint[]::new);
  }

  @Property(tries = 400)
  void constraintsHoldWhateverComes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int agents,
      @ForAll @IntRange(min = 1, max = 12) int wishes) {
    Round round = randomRound(new Random(seed), agents, wishes);
    Placement placement = Placer.place(round);
    List<Resident> all = after(round, placement);
    for (Constraint constraint : round.rules().constraints()) {
      Map<String, Integer> before = countsOf(constraint, round.residents());
      Map<String, Integer> counts = countsOf(constraint, all);
      placement.launches().stream()
          .map(launch -> constraint.valueOn(launch.hostname(), launch.traits()))
          .forEach(
              value -> {
                assertThat(
                        value.map(constraint.admitted()::test).orElse(constraint.admitsMissing()))
                    .isTrue();
                value.ifPresent(name -> holds(constraint, name, before, counts));
              });
    }
  }

  private static void holds(
      Constraint constraint,
      String value,
      Map<String, Integer> before,
      Map<String, Integer> counts) {
    switch (constraint.operator()) {
      case UNIQUE -> assertThat(counts.get(value)).isEqualTo(1);
      case MAX_PER -> assertThat(counts.get(value)).isLessThanOrEqualTo(constraint.number());
      case CLUSTER -> assertThat(counts).containsOnlyKeys(value);
      case GROUP_BY -> {
        // A value that got one more was not ahead of any that was used before.
        if (counts.get(value) > before.getOrDefault(value, 0) && counts.get(value) > 1) {
          int least =
              before.keySet().stream().mapToInt(counts::get).min().orElse(Integer.MAX_VALUE - 1);
          assertThat(counts.get(value)).isLessThanOrEqualTo(least + 1);
          assertThat(counts.size()).isGreaterThanOrEqualTo(constraint.number());
        }
      }
      case LIKE, UNLIKE, IS -> {}
    }
  }

  private static Map<String, Integer> countsOf(Constraint constraint, List<Resident> residents) {
    Map<String, Integer> counts = new HashMap<>();
    residents.forEach(
        resident ->
            constraint
                .valueOn(resident.hostname(), resident.traits())
                .ifPresent(value -> counts.merge(value, 1, Integer::sum)));
    return counts;
  }

  private static Map<String, Integer> countsOf(
      Constraint constraint, java.util.Collection<Resident> residents) {
    return countsOf(constraint, List.copyOf(residents));
  }

  /** Where all are when the round's launches have been carried out. */
  private static List<Resident> after(Round round, Placement placement) {
    List<Resident> all = new ArrayList<>(round.residents());
    for (Launch launch : placement.launches()) {
      launch
          .containers()
          .forEach(
              placed ->
                  all.add(
                      new Resident(
                          placed.container(), launch.agent(), launch.hostname(), launch.traits())));
    }
    return all;
  }

  @Property(tries = 400)
  void whatIsStatedAsLackMakesItFitWhenAdded(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int agents,
      @ForAll @IntRange(min = 1, max = 12) int wishes) {
    Round round = randomRound(new Random(seed), agents, wishes);
    Placement placement = Placer.place(round);
    placement
        .refusals()
        .forEach(
            (container, refusal) ->
                assertTrue(round, placement, container, (Refusal.NoPlace) refusal));
  }

  private void assertTrue(
      Round round, Placement placement, ContainerId container, Refusal.NoPlace refusal) {
    assertThat(refusal.tallies().stream().mapToInt(Tally::agents).sum())
        .as(refusal.text())
        .isEqualTo(refusal.agents());
    List<Offered> left = left(round, placement);
    Wish alone = new Wish(container, sizes.get(container));
    Round again =
        Round.of(left, List.of(alone), round.rules()).withResidents(after(round, placement));
    assertThat(Placer.place(again).launches()).as("it fits after all: %s", refusal).isEmpty();
    for (Verdict verdict : refusal.verdicts()) {
      assertThat(verdict.objections()).isNotEmpty();
      if (!verdict.lacks().isEmpty()) {
        List<Offered> more = given(left, verdict.agent(), verdict.lacks(), 0);
        assertThat(places(again, more)).as(verdict.text()).isTrue();
        List<Offered> almost = given(left, verdict.agent(), verdict.lacks(), 1);
        assertThat(places(again, almost)).as("less than %s", verdict.text()).isFalse();
      }
      if (!verdict.constraints().isEmpty()) {
        Rules others =
            round
                .rules()
                .withConstraints(
                    round.rules().constraints().stream()
                        .filter(each -> !verdict.constraints().contains(each))
                        .toArray(Constraint[]::new));
        List<Offered> only =
            left.stream().filter(offer -> offer.agent().equals(verdict.agent())).toList();
        Round without =
            Round.of(only, List.of(alone), others).withResidents(after(round, placement));
        assertThat(Placer.place(without).launches()).as(verdict.text()).hasSize(1);
      }
    }
  }

  private static boolean places(Round round, List<Offered> offers) {
    Round other = Round.of(offers, round.wishes(), round.rules()).withResidents(round.residents());
    return !Placer.place(other).launches().isEmpty();
  }

  /** What is left of the offers when the round's launches have been carried out. */
  private static List<Offered> left(Round round, Placement placement) {
    Map<AgentId, Map<Kind, Long>> taken = new HashMap<>();
    for (Launch launch : placement.launches()) {
      Map<Kind, Long> ofAgent =
          taken.computeIfAbsent(launch.agent(), key -> new EnumMap<>(Kind.class));
      for (Placed placed : launch.containers()) {
        for (Kind kind : Kind.values()) {
          ofAgent.merge(kind, placed.size().of(kind), Long::sum);
        }
      }
    }
    return round.offers().stream()
        .map(
            offered ->
                changed(
                    offered,
                    (kind, has) ->
                        has - taken.getOrDefault(offered.agent(), Map.of()).getOrDefault(kind, 0L)))
        .toList();
  }

  private static List<Offered> given(
      List<Offered> offers, AgentId agent, List<Objection.Lacks> lacks, long tooLittle) {
    return offers.stream()
        .map(
            offered ->
                offered.agent().equals(agent)
                    ? changed(
                        offered,
                        (kind, has) ->
                            has
                                + lacks.stream()
                                    .filter(lack -> lack.kind() == kind)
                                    .mapToLong(lack -> lack.lack() - tooLittle)
                                    .sum())
                    : offered)
        .toList();
  }

  private interface Change {
    long of(Kind kind, long has);
  }

  private static Offered changed(Offered offered, Change change) {
    Offer.Builder offer = offered.offer().toBuilder().clearResources();
    for (Resource resource : offered.offer().getResourcesList()) {
      Kind kind = Kind.of(resource.getName()).orElseThrow();
      long now = change.of(kind, Offered.quantity(kind, resource));
      Resource.Builder next = resource.toBuilder();
      if (kind.isScalar()) {
        next.setScalar(Value.Scalar.newBuilder().setValue(now / 1000.0));
      } else {
        next.setRanges(
            Value.Ranges.newBuilder().addRange(Value.Range.newBuilder().setBegin(1).setEnd(now)));
      }
      offer.addResources(next);
    }
    return Offered.of(offer.build());
  }
}
