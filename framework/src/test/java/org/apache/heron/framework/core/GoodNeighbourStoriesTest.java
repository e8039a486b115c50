package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.status.StatusReport;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.OfferFilters.ResourceQuantities;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/**
 * The six rules for those who share a cluster, of Mesos' framework development guide
 * ("Multi-scheduler scalability"), each as a story, and what a first launch does with offers.
 */
class GoodNeighbourStoriesTest {
  private static final Rules ALL_OR_NONE = Rules.PLAIN.withGang(Rules.Gang.ALWAYS);

  private static List<Double> refusals(Story story) {
    return story.calls(Call.Type.DECLINE).stream()
        .map(call -> call.getDecline().getFilters().getRefuseSeconds())
        .toList();
  }

  @Test
  void firstWhoNeedsNothingIsSuppressed() {
    Story story = Story.of(2).subscribed().offeredBy("a1", "a2");
    assertThat(story.calls(Call.Type.SUPPRESS)).hasSize(1);
    story.updated(0, TaskState.TASK_RUNNING).updated(1, TaskState.TASK_RUNNING);
    story.passes(Duration.ofHours(5));
    assertThat(story.calls(Call.Type.SUPPRESS)).hasSize(1);
    assertThat(story.calls(Call.Type.REVIVE)).isEmpty();
  }

  @Test
  void secondNoOfferIsHeldLongerThanOneRoundWhateverComes() {
    Story story = Story.of(3, ALL_OR_NONE).subscribed();
    for (int i = 0; i < 20; i++) {
      story.offered(OfferBuilder.usual("O" + i, "a" + i));
      assertThat(story.state.held()).isEmpty();
    }
    assertThat(story.launched()).hasSize(3);
    int answered =
        story.calls(Call.Type.DECLINE).stream()
                .mapToInt(call -> call.getDecline().getOfferIdsCount())
                .sum()
            + story.calls(Call.Type.ACCEPT).stream()
                .mapToInt(call -> call.getAccept().getOfferIdsCount())
                .sum();
    assertThat(answered).isEqualTo(20);
  }

  @Test
  void thirdWhatIsNotUsedIsDeclinedForLong() {
    Story story = Story.of(1).subscribed();
    story.offered(OfferBuilder.offer("O1", "a1").cpus(0.6).mem(4096).ports(1, 99).build());
    story.offeredBy("a2", "a3");
    story.offeredBy("a4");
    // Too small as it is: half a minute, unless it grows. Not needed: ten minutes.
    assertThat(refusals(story)).containsExactly(30.0, 600.0, 600.0);
  }

  @Test
  void fourthReviveIsSentOnlyForWhatHasComeToWaitAndOnceASecondAtMost() {
    Story story = Story.running(20);
    for (int i = 0; i < 20; i++) {
      story.updated(i, TaskState.TASK_FAILED).passes(Duration.ofMillis(50));
    }
    story.passes(Duration.ofSeconds(2));
    assertThat(story.calls(Call.Type.REVIVE)).hasSizeBetween(1, 3);
    story.offered(OfferBuilder.offer("small", "a1").cpus(0.1).mem(1).build());
    int revived = story.calls(Call.Type.REVIVE).size();
    story.passes(Duration.ofMinutes(10));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(revived);
  }

  /** Else a container could wait for ever: Mesos is silent, and we believe that it is not. */
  @Test
  void anOfferThatWasUnderWayWhenWeAskedForSilenceDoesNotEndTheSilence() {
    Story story = Story.running(2);
    // REVIVE is sent once a second at most.
    story.updated(0, TaskState.TASK_FAILED).passes(Duration.ofMillis(1_100)).offeredBy("a1");
    assertThat(story.state.demand()).isEqualTo(Demand.SUPPRESSED);
    int revived = story.calls(Call.Type.REVIVE).size();
    story.updated(1, TaskState.TASK_LOST);
    story.offered(OfferBuilder.offer("late", "a9").cpus(0.1).mem(1).build());
    story.passes(Duration.ofSeconds(5));
    assertThat(story.calls(Call.Type.REVIVE)).hasSizeGreaterThan(revived);
  }

  @Test
  void whoSeeksAnotherPlaceAsksAgainWhenItIsUnsureWhatIsHeldBack() {
    Story story = Story.running(2);
    String agent = story.container(1).currentTask().agent().value();
    story.announced("I1", agent, story.now.plusSeconds(300), Duration.ofHours(1));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
    story.disconnected().passes(Duration.ofSeconds(2)).subscribed().passes(Duration.ofSeconds(2));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(2);
  }

  /** A leader that is paused keeps its connection, and its filters then outlive it. */
  @Test
  void whoTakesOverAsksOnceForWhatTheFormerLeaderHadDeclined() {
    Story story = Story.of(1).subscribed();
    story.offered(OfferBuilder.offer("small", "a1").cpus(0.1).mem(1).build());
    story.restarted().subscribed().passes(Duration.ofSeconds(2));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
  }

  private static ResourceQuantities least(FrameworkInfo info) {
    return info.getOfferFiltersMap().get("*").getMinAllocatableResources().getQuantities(0);
  }

  @Test
  void fifthTheMasterIsToldWhatIsTooSmallAndAgainWhenSizesChange() {
    Story story = Story.running(2);
    FrameworkInfo subscribed =
        Story.of(2)
            .happens(new Event.Connected())
            .calls(Call.Type.SUBSCRIBE)
            .get(0)
            .getSubscribe()
            .getFrameworkInfo();
    assertThat(least(subscribed).getQuantitiesOrThrow("cpus").getValue()).isEqualTo(0.5);
    assertThat(least(subscribed).getQuantitiesOrThrow("mem").getValue()).isEqualTo(256);
    Size smaller = new Size(200, 512_000, 512_000, 9);
    story.update(
        Map.of(
            new ContainerId(0), Story.SMALL,
            new ContainerId(1), Story.SMALL,
            new ContainerId(2), smaller));
    Call.UpdateFramework update =
        story.calls(Call.Type.UPDATE_FRAMEWORK).get(0).getUpdateFramework();
    assertThat(least(update.getFrameworkInfo()).getQuantitiesOrThrow("cpus").getValue())
        .isEqualTo(0.1);
    assertThat(update.getFrameworkInfo().getId().getValue()).isEqualTo(Story.FRAMEWORK);
    assertThat(story.calls(Call.Type.UPDATE_FRAMEWORK)).hasSize(1);
    // Nothing is told twice.
    story.passes(Duration.ofMinutes(3));
    assertThat(story.calls(Call.Type.UPDATE_FRAMEWORK)).hasSize(1);
  }

  // What the master keeps to itself on our behalf is in no offer, and so in no verdict.
  @Test
  void whoIsOfferedNothingHearsWhatTheMasterWasToldToKeepToItself() {
    Constraint grouped = new Constraint("rack", Constraint.Operator.GROUP_BY, "");
    Constraint unique = new Constraint("hostname", Constraint.Operator.UNIQUE, "");
    Story story = Story.of(1, Rules.PLAIN.withConstraints(grouped, unique)).subscribed();
    String why =
        StatusReport.of("words", "words-id-1", story.state, "").containers().get(0).reason();
    assertThat(why)
        .startsWith("waits for offers: none has come since it began to wait; ")
        .contains("only agents with 0.5 cpus and 256 MB mem that are not excluded by rack GROUP_BY")
        .doesNotContain("hostname");
  }

  // What the master takes depends on its flags; the hint to it is not worth a refusal.
  @Test
  void aMasterThatRefusesTheConstraintsIsToldNone() {
    Rules rules =
        Rules.PLAIN.withConstraints(new Constraint("rack", Constraint.Operator.LIKE, "r[12]"));
    Story story = Story.of(1, rules).happens(new Event.Connected());
    story.happens(
        new Event.MasterError(
            "Offer constraints are not valid: A role * has an invalid 'AttributeConstraint':"
                + " Regex 'r[12]' is too complex"));
    assertThat(story.state.phase()).isEqualTo(Phase.SERVING);
    assertThat(story.state.problem()).contains("is too complex");
    story.passes(Duration.ofMinutes(1));
    assertThat(story.reconnects).isEqualTo(1);
    story.calls.clear();
    story.disconnected().subscribed();
    assertThat(story.calls(Call.Type.SUBSCRIBE).get(0).getSubscribe().hasOfferConstraints())
        .isFalse();
    assertThat(story.state.problem()).isEmpty();
    assertThat(story.state.trading().kept()).isEmpty();
    story.offeredBy("a1");
    assertThat(story.launched()).isEmpty();
  }

  @Test
  void sixthConstraintsThatNeverChangeAreLeftToTheMaster() {
    Rules rules =
        Rules.PLAIN.withConstraints(new Constraint("rack", Constraint.Operator.LIKE, "r[12]"));
    Story story = Story.of(1, rules).subscribed();
    Call.Subscribe subscribe = story.calls(Call.Type.SUBSCRIBE).get(0).getSubscribe();
    assertThat(
            subscribe
                .getOfferConstraints()
                .getRoleConstraintsOrThrow("*")
                .getGroups(0)
                .getAttributeConstraints(0)
                .getPredicate()
                .getTextMatches()
                .getRegex())
        .isEqualTo("r[12]");
    assertThat(
            story
                .calls(Call.Type.UPDATE_FRAMEWORK)
                .get(0)
                .getUpdateFramework()
                .getOfferConstraints())
        .isEqualTo(subscribe.getOfferConstraints());
    Story without = Story.of(1).subscribed();
    assertThat(without.calls(Call.Type.SUBSCRIBE).get(0).getSubscribe().hasOfferConstraints())
        .isFalse();
  }

  @Test
  void aFirstLaunchThatDoesNotFitGivesAllBackAndAsksAgainEverLater() {
    Story story = Story.of(5, ALL_OR_NONE).subscribed();
    story.offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    assertThat(story.records).isEmpty();
    assertThat(refusals(story)).containsExactly(1.0);
    story.passes(Duration.ofSeconds(10)).offeredBy("a1");
    story.passes(Duration.ofMinutes(10)).offeredBy("a1");
    assertThat(refusals(story).get(1)).isBetween(5.0, 6.0);
    assertThat(refusals(story).get(2)).isEqualTo(30.0);
    assertThat(story.calls(Call.Type.REVIVE)).isEmpty();
    story.offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(5);
    // From now on each is replaced by itself.
    story.calls.clear();
    story.updated(3, TaskState.TASK_LOST).passes(Duration.ofMinutes(1)).offeredBy("a3");
    assertThat(story.launched()).hasSize(1);
  }

  /** Mesos offers an agent that has grown at once, whatever the filters of the others. */
  @Test
  void whatIsOfferedToAFirstLaunchInBetweenIsDeclinedUntilTheRestIsOfferedAgain() {
    Story story = Story.of(5, ALL_OR_NONE).subscribed().passes(Duration.ofMinutes(10));
    story.offeredBy("a1");
    assertThat(refusals(story)).containsExactly(30.0);
    story.passes(Duration.ofSeconds(15)).offeredBy("a2");
    assertThat(refusals(story).get(1)).isBetween(14.0, 15.0);
    // What nothing fits on must not be out of step either.
    story
        .passes(Duration.ofSeconds(5))
        .offered(OfferBuilder.offer("tiny", "a3").cpus(0.1).mem(1).disk(1).ports(1, 2).build());
    assertThat(refusals(story).get(2)).isBetween(9.0, 10.0);
    story.passes(Duration.ofSeconds(15)).offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(5);
  }

  @Test
  void theLastRoundsAreRememberedWhileSomethingWaits() {
    Story story = Story.of(2).subscribed();
    for (int i = 0; i < 7; i++) {
      story.offered(
          OfferBuilder.offer("O" + i, "a1")
              .cpus(0.6 + i / 100.0)
              .mem(4096)
              .disk(999)
              .ports(1, 9)
              .build());
    }
    List<RoundReport> rounds = story.state.trading().rounds();
    assertThat(rounds).hasSize(5);
    RoundReport last = rounds.get(4);
    assertThat(last.agents()).isEqualTo(1);
    assertThat(last.declined()).isEqualTo(1);
    assertThat(last.filtersLapse()).isEqualTo(last.at().plusSeconds(30));
    assertThat(last.refusals().get(new ContainerId(1)).text())
        .startsWith("needs 1.0 cpus: 1 of 1 agent lacks 0.34;");
    assertThat(story.state.trading().filteredUntil(story.now)).hasValue(last.filtersLapse());
    story.offeredBy("a2");
    assertThat(story.state.trading().rounds()).isEmpty();
  }

  @Test
  void containerZeroIsPutBackWhereItWasUnlessItKeepsFailingThere() {
    Story story = Story.running(3);
    Task before = story.container(0).currentTask();
    String other = before.agent().value().equals("a1") ? "a2" : "a1";
    story.passes(Duration.ofMinutes(1)).updated(0, TaskState.TASK_LOST);
    story.passes(Duration.ofSeconds(2));
    story.offered(
        OfferBuilder.usual("O7", other),
        OfferBuilder.offer("O8", before.agent().value())
            .cpus(4)
            .mem(4096)
            .disk(9999)
            .ports(1, 9999)
            .build());
    Task after = story.container(0).currentTask();
    assertThat(after.ports()).isEqualTo(before.ports());
    assertThat(after.agent()).isEqualTo(before.agent());
  }
}
