package org.apache.heron.framework.placement;

import static org.apache.heron.framework.placement.Constraint.Operator.CLUSTER;
import static org.apache.heron.framework.placement.Constraint.Operator.GROUP_BY;
import static org.apache.heron.framework.placement.Constraint.Operator.IS;
import static org.apache.heron.framework.placement.Constraint.Operator.LIKE;
import static org.apache.heron.framework.placement.Constraint.Operator.UNIQUE;
import static org.apache.heron.framework.placement.Constraint.Operator.UNLIKE;
import static org.apache.heron.framework.placement.Fixture.constraint;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.OfferFilters.ResourceQuantities;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the master is asked to keep from us: the fifth and sixth rule of the framework guide. */
class MasterSideTest {
  private static List<AttributeConstraint> asked(Constraint... constraints) {
    return MasterSide.constraints(List.of("heron"), List.of(constraints)).stream()
        .flatMap(
            all ->
                all
                    .getRoleConstraintsOrThrow("heron")
                    .getGroups(0)
                    .getAttributeConstraintsList()
                    .stream())
        .toList();
  }

  @Test
  void offersThatAreTooSmallEvenToBeNearAreNotSent() {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser("someone")
            .setName("words")
            .addRoles("heron")
            .addRoles("*")
            .build();
    FrameworkInfo filtered =
        MasterSide.withFilters(
            info, List.of(new Size(2000, 512_000, 1, 9), new Size(500, 1_024_000, 1, 9)));
    assertThat(filtered.getOfferFiltersMap()).containsOnlyKeys("heron", "*");
    ResourceQuantities least =
        filtered.getOfferFiltersMap().get("*").getMinAllocatableResources().getQuantities(0);
    assertThat(least.getQuantitiesOrThrow("cpus").getValue()).isEqualTo(0.25);
    assertThat(least.getQuantitiesOrThrow("mem").getValue()).isEqualTo(256);
    assertThat(MasterSide.withFilters(filtered, List.of())).isEqualTo(info);
  }

  @Test
  void constraintsThatNeverChangeAreTheMastersToKeep() {
    List<AttributeConstraint> asked =
        asked(
            constraint("rack", LIKE, "r[1-3]|x.*"),
            constraint("@zone", IS, "eu-1"),
            constraint("@region", CLUSTER, "eu"),
            constraint("hostname", UNLIKE, "bad-.*"));
    assertThat(asked.get(0).getSelector().getAttributeName()).isEqualTo("rack");
    assertThat(asked.get(0).getPredicate().getTextMatches().getRegex()).isEqualTo("r[1-3]|x.*");
    assertThat(asked.get(1).getSelector().getPseudoattributeType().name()).isEqualTo("ZONE");
    assertThat(asked.get(1).getPredicate().getTextEquals().getValue()).isEqualTo("eu-1");
    assertThat(asked.get(2).getPredicate().getTextEquals().getValue()).isEqualTo("eu");
    assertThat(asked.get(3).getPredicate().getTextNotMatches().getRegex()).isEqualTo("bad-.*");
  }

  @Test
  void ofWhatDependsOnWhereOthersRunTheMasterIsAskedOnlyForTheField() {
    List<AttributeConstraint> asked =
        asked(constraint("rack", GROUP_BY), constraint("@zone", CLUSTER));
    assertThat(asked).hasSize(2).allMatch(each -> each.getPredicate().hasExists());
    assertThat(asked(constraint("hostname", UNIQUE))).isEmpty();
    assertThat(MasterSide.constraints(List.of("*"), List.of())).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(?=x)y", "(a)\\1", "a++", "\\d+", "[a&&b]", "[[:alpha:]]", "a{2,3}", "(?i)a"})
  void expressionsThatTheMasterMayReadOtherwiseStayHere(String expression) {
    assertThat(asked(constraint("rack", LIKE, expression))).isEmpty();
  }

  // The master compiles at most 100 instructions, in 4 KB, and refuses the framework for more.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example|b.example|c.example|d.example",
        "[acegikmoqsuwyACEGIKMOQSUWY]x",
        "host-a1|host-a2|host-a3|host-a4|host-a5|host-a6|host-a7"
      })
  void expressionsThatMayBeTooLongForTheMasterStayHere(String expression) {
    assertThat(asked(constraint("hostname", LIKE, expression))).isEmpty();
    assertThat(asked(constraint("hostname", UNLIKE, expression))).isEmpty();
    assertThat(asked(constraint("hostname", LIKE, "host-a1|host-a2|host-a3|host-a4"))).hasSize(1);
  }

  // The scheduler's stacks are small; the expression of a user must not end the thread.
  @Test
  void aListOfHundredsOfHostsIsReadWithASmallStack() throws Exception {
    String hosts = "host-a1.example|".repeat(250) + "a1.example";
    String deep = "(".repeat(500) + "a1.example" + ")".repeat(500);
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                Constraint like = constraint("hostname", LIKE, hosts);
                done.complete(
                    asked(like, constraint("hostname", LIKE, "a".repeat(150))).size()
                        + " asked, placed on "
                        + Fixture.counts(
                            Placer.place(
                                Round.of(
                                    Fixture.inRacks("r1", "r2"),
                                    Fixture.wishes(1, Fixture.SMALL),
                                    Rules.PLAIN.withConstraints(
                                        like, constraint("hostname", LIKE, deep))))));
              } catch (Throwable e) { // what the test is about is an Error
                done.completeExceptionally(e);
              }
            },
            "small",
            512 << 10);
    thread.start();
    assertThat(done.get(60, TimeUnit.SECONDS)).isEqualTo("0 asked, placed on {a1=1}");
    thread.join();
  }

  @Test
  void whatIsNoPlainTextStaysHere() {
    assertThat(asked(constraint("gen", IS, "3.0"), constraint("tags", IS, "{b,a}"))).isEmpty();
    assertThat(asked(constraint("gen", CLUSTER, "3.0"))).isEmpty();
    assertThat(asked(constraint("rack", UNLIKE, "r1"))).isEmpty();
  }
}
