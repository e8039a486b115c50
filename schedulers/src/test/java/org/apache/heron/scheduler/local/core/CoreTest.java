package org.apache.heron.scheduler.local.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.junit.jupiter.api.Test;

class CoreTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Story story = new Story();

  private Story running(Integer... ids) {
    return story.begin(ids).answers(ids).forgetEffects();
  }

  private List<Effect.Terminate> terminated() {
    return story.effects().stream()
        .filter(Effect.Terminate.class::isInstance)
        .map(Effect.Terminate.class::cast)
        .toList();
  }

  @Test
  void everyContainerOfThePlanIsStartedOnceAndRunsWhenItAnswers() {
    story.begin(0, 1, 2);
    assertThat(story.processes()).containsOnlyKeys(0, 1, 2);
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    story.answers(1);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
    assertThat(story.container(1).attempt()).isEqualTo(1);
  }

  @Test
  void anIntentIsOnRecordBeforeItsProcessIsStarted() {
    story.begin(1);
    assertThat(story.effects().get(0)).isInstanceOf(Effect.Save.class);
    int start = story.effects().indexOf(new Effect.Start(1, 1, List.of(), Story.RAM));
    assertThat(story.effects().subList(0, start))
        .filteredOn(Effect.Save.class::isInstance)
        .anySatisfy(save -> assertThat(((Effect.Save) save).container().attempt()).isEqualTo(1));
  }

  @Test
  void aProcessThatStaysSilentCountsAsRunningAfterAWhile() {
    story.begin(1).passes(Duration.ofSeconds(29));
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    story.passes(SECOND);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  @Test
  void aContainerThatKeepsFailingIsRetriedEverLaterWithTheReasonShown() {
    running(0, 1);
    for (int wait : List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300)) {
      story.ends(1, "ended with exit code 7: no memory");
      assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
      assertThat(story.container(1).reason()).contains("exit code 7: no memory");
      story.passes(Duration.ofSeconds(wait).minusMillis(1));
      assertThat(story.life(1)).as("just before %s s", wait).isEqualTo(Life.BACKING_OFF);
      story.passes(Duration.ofMillis(1));
      assertThat(story.life(1)).as("after %s s", wait).isEqualTo(Life.STARTING);
      story.answers(1);
    }
    assertThat(story.container(1).attempt()).isEqualTo(12);
    assertThat(story.container(0).attempt()).isEqualTo(1);
  }

  @Test
  void aContainerThatIsNotWellIsEndedAndStartedEverLater() {
    running(0, 1);
    for (int wait : List.of(1, 2, 4)) {
      story.unwell(1, "no answer within 20000 ms");
      assertThat(story.life(1)).isEqualTo(Life.KILLING);
      assertThat(story.container(1).reason()).isEqualTo("no answer within 20000 ms");
      // What is said of it while it ends changes nothing.
      story.unwell(1, "no answer").ends(1, "ended by signal 15");
      assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
      story.passes(Duration.ofSeconds(wait).minusMillis(1));
      assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
      story.passes(Duration.ofMillis(1)).answers(1);
      assertThat(story.life(1)).isEqualTo(Life.RUNNING);
    }
    assertThat(terminated()).hasSize(3);
    assertThat(story.container(0).attempt()).isEqualTo(1);
  }

  @Test
  void aContainerThatHangsSoThatItDoesNotEndIsEndedByForce() {
    running(1);
    story.unwell(1, "no answer").passes(Duration.ofSeconds(10));
    assertThat(story.processes()).isEmpty();
    story.ends(1, "ended by signal 9");
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
    // A user need not wait for the end of the back-off.
    story.restart(Optional.of(1), 0);
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    assertThat(story.container(1).failures()).isZero();
  }

  @Test
  void thatAFormerProcessWasNotWellIsNoNews() {
    running(1);
    story.ends(1, "crashed").passes(SECOND).answers(1);
    story.tell(new Event.Unwell(1, 1, "no answer"));
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
    story.kill();
    story.unwell(1, "no answer").ends(1, "ended");
    assertThat(story.records()).isEmpty();
  }

  @Test
  void failuresAreForgottenAfterTenMinutesOfRunning() {
    running(1);
    story.ends(1, "one").passes(SECOND).answers(1);
    story.ends(1, "two").passes(SECOND.multipliedBy(2)).answers(1);
    story.passes(Duration.ofMinutes(10)).ends(1, "three");
    assertThat(story.container(1).failures()).isEqualTo(1);
    assertThat(story.container(1).due()).contains(story.container(1).since().plus(SECOND));
  }

  @Test
  void aTakenPortIsNoFailureAndOthersAreTriedAtOnce() {
    story.begin(1);
    List<Integer> first = story.container(1).ports();
    story.ends(1, "Address already in use", true);
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    assertThat(story.container(1).failures()).isZero();
    assertThat(story.container(1).ports()).isNotEqualTo(first);
  }

  @Test
  void portsThatAreAlwaysTakenAreAFailureInTheEnd() {
    story.begin(1);
    for (int clash = 0; clash < 6; clash++) {
      story.ends(1, "Address already in use", true);
    }
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
  }

  @Test
  void aProcessThatCannotBeStartedIsAFailure() {
    story.startsFail(true).begin(1);
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
    assertThat(story.container(1).reason()).isEqualTo("no such file");
    story.startsFail(false).passes(SECOND).answers(1);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  @Test
  void portsAreKeptOverARestart() {
    running(1);
    List<Integer> ports = story.container(1).ports();
    story.restart(Optional.of(1), 0);
    story.ends(1, "ended");
    assertThat(story.container(1).ports()).isEqualTo(ports);
  }

  @Test
  void newsOfAnEarlierProcessAreNoNews() {
    running(1);
    story.ends(1, "failed").passes(SECOND);
    story.tell(new Event.Ended(1, 1, "failed once more?", false));
    story.tell(new Event.Answered(1, 1));
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  // --- restart ---

  @Test
  void aRestartedContainerIsANewProcessAndTheAnswerWaitsUntilItRuns() {
    running(0, 1);
    ProcessMark before = story.processes().get(1);
    long asked = story.restart(Optional.of(1), 0);
    assertThat(terminated()).containsExactly(new Effect.Terminate(1, before));
    story.ends(1, "ended by signal 15 (SIGTERM)");
    assertThat(story.processes().get(1)).isNotNull().isNotEqualTo(before);
    assertThat(story.answer(asked)).isEmpty();
    story.answers(1);
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
    assertThat(story.container(1).failures()).isZero();
  }

  @Test
  void allAreRestartedOneByOneAndContainerZeroLast() {
    running(0, 1, 2);
    long asked = story.restart(Optional.empty(), 0);
    for (int next : List.of(1, 2, 0)) {
      assertThat(terminated()).extracting(Effect.Terminate::id).last().isEqualTo(next);
      story.ends(next, "ended").answers(next);
    }
    assertThat(terminated()).hasSize(3);
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
  }

  @Test
  void asManyAsAskedForAreRestartedAtATimeButContainerZeroAlone() {
    running(0, 1, 2, 3);
    story.restart(Optional.empty(), 2);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(1, 2);
    story.ends(1, "ended").answers(1);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(1, 2, 3);
    story.ends(2, "ended").answers(2);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(1, 2, 3);
    story.ends(3, "ended").answers(3);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(1, 2, 3, 0);
  }

  @Test
  void aRestartOfAllStopsAtTheOneThatDoesNotComeToRun() {
    running(0, 1, 2);
    long asked = story.restart(Optional.empty(), 0);
    story.ends(1, "ended");
    for (int failure = 0; failure < 5; failure++) {
      story.ends(1, "cannot read its files").passes(SECOND.multipliedBy(1L << failure));
    }
    assertThat(story.answer(asked)).map(Outcome::ok).contains(false);
    assertThat(story.answer(asked)).map(Outcome::message).get().asString().contains("container 1");
    assertThat(story.container(2).attempt()).isEqualTo(1);
    assertThat(story.life(2)).isEqualTo(Life.RUNNING);
  }

  @Test
  void aRestartOfAllThatASuccessorGoesOnWithStopsThereTooAndTheFleetSaysSo() {
    running(0, 1, 2);
    assertThat(story.fleet().renewing()).isEmpty();
    story.restart(Optional.empty(), 0);
    assertThat(story.fleet().renewing()).containsExactly(0, 1, 2);
    story.resume(Story.plan(List.of(0, 1, 2)));
    assertThat(story.fleet().renewing()).containsExactly(0, 1, 2);
    story.ends(1, "ended");
    for (int failure = 0; failure < 5; failure++) {
      assertThat(story.fleet().renewing()).containsExactly(0, 1, 2);
      story.ends(1, "cannot read its files").passes(SECOND.multipliedBy(1L << failure));
    }
    assertThat(story.fleet().renewing()).isEmpty();
    story.answers(1);
    assertThat(story.container(2).attempt()).isEqualTo(1);
    assertThat(story.life(2)).isEqualTo(Life.RUNNING);
  }

  @Test
  void aContainerThatBacksOffIsRestartedAtOnce() {
    running(1);
    story.ends(1, "one").passes(SECOND);
    story.ends(1, "two");
    long asked = story.restart(Optional.of(1), 0);
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    story.answers(1);
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
  }

  @Test
  void whatIsNotThereCannotBeRestarted() {
    running(0, 1);
    long asked = story.restart(Optional.of(7), 0);
    assertThat(story.answer(asked))
        .contains(Outcome.refused("there is no container 7; the topology has [0, 1]"));
  }

  // --- update ---

  @Test
  void addedContainersAreStartedRemovedOnesEndedAndOthersLeftAlone() {
    running(0, 1, 2);
    ProcessMark stays = story.processes().get(1);
    long asked = story.scale(0, 1, 3);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(2);
    story.answers(3);
    assertThat(story.answer(asked)).as("container 2 is not gone").isEmpty();
    story.ends(2, "ended");
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
    assertThat(story.fleet().containers()).containsOnlyKeys(0, 1, 3);
    assertThat(story.records()).containsOnlyKeys(0, 1, 3);
    assertThat(story.processes()).containsEntry(1, stays).containsOnlyKeys(0, 1, 3);
  }

  @Test
  void aContainerThatIsWantedAgainWhileItEndsRunsAgain() {
    running(0, 1);
    story.scale(0);
    story.scale(0, 1);
    story.ends(1, "ended").answers(1);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  @Test
  void aLaterPlanTakesTheEarlierOnesPlace() {
    running(0, 1);
    long first = story.scale(0, 1, 2);
    long second = story.scale(0, 1);
    assertThat(story.answer(first)).map(Outcome::ok).contains(false);
    story.ends(2, "ended");
    assertThat(story.answer(second)).map(Outcome::ok).contains(true);
  }

  @Test
  void anUpdateDoesNotWaitForAContainerThatHadFailedBefore() {
    running(0, 1);
    story.ends(1, "failed");
    long asked = story.scale(0, 1, 2);
    story.answers(2);
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
  }

  @Test
  void aContainerWhoseSizeChangesRunsOnAndHasItsNewSizeWhenItIsStartedNext() {
    running(0, 1);
    Map<Integer, Long> plan = new HashMap<>(Story.plan(List.of(0, 1)));
    plan.put(1, 2 * Story.RAM);
    long asked = story.scale(plan);
    assertThat(story.answer(asked)).map(Outcome::ok).contains(true);
    assertThat(terminated()).isEmpty();
    story.restart(Optional.of(1), 0);
    story.ends(1, "ended").answers(1);
    assertThat(story.container(1).ram()).isEqualTo(2 * Story.RAM);
  }

  // --- kill ---

  @Test
  void aKillEndsAllAndIsAnsweredWhenNothingIsLeft() {
    running(0, 1);
    long first = story.kill();
    long second = story.kill();
    assertThat(terminated()).hasSize(2);
    story.ends(1, "ended");
    assertThat(story.answer(first)).isEmpty();
    story.ends(0, "ended");
    assertThat(story.answer(first)).map(Outcome::ok).contains(true);
    assertThat(story.answer(second)).map(Outcome::ok).contains(true);
    assertThat(story.fleet().phase()).isEqualTo(Fleet.Phase.KILLED);
    assertThat(story.records()).isEmpty();
    long third = story.kill();
    assertThat(story.answer(third)).map(Outcome::ok).contains(true);
  }

  @Test
  void whatDoesNotEndInTimeIsEndedByForce() {
    running(1);
    ProcessMark mark = story.processes().get(1);
    story.kill();
    story.passes(Duration.ofSeconds(9));
    assertThat(story.effects()).doesNotContain(new Effect.Destroy(1, mark));
    story.passes(SECOND);
    assertThat(story.effects()).contains(new Effect.Destroy(1, mark));
    story.ends(1, "ended by signal 9 (SIGKILL)");
    assertThat(story.fleet().phase()).isEqualTo(Fleet.Phase.KILLED);
  }

  @Test
  void nothingIsBegunWhileTheTopologyIsKilled() {
    running(0, 1);
    long restarting = story.restart(Optional.of(1), 0);
    story.kill();
    assertThat(story.answer(restarting)).map(Outcome::ok).contains(false);
    assertThat(story.answer(story.restart(Optional.empty(), 0))).map(Outcome::ok).contains(false);
    assertThat(story.answer(story.scale(0, 1, 2))).map(Outcome::ok).contains(false);
    story.ends(1, "ended");
    assertThat(story.processes()).containsOnlyKeys(0);
  }

  // --- a scheduler that is started anew ---

  @Test
  void runningContainersAreAdoptedAndNotStartedAgain() {
    running(0, 1);
    Map<Integer, ProcessMark> before = Map.copyOf(story.processes());
    story.resume(Story.plan(List.of(0, 1)));
    assertThat(story.processes()).isEqualTo(before);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
    assertThat(story.container(1).attempt()).isEqualTo(1);
  }

  @Test
  void whatEndedWhileNoSchedulerRanBacksOffAndComesBack() {
    running(0, 1);
    story.processes().remove(1);
    story.resume(Story.plan(List.of(0, 1)));
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
    story.passes(SECOND).answers(1);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  @Test
  void aStartThatWasNotPutOnRecordIsMadeAgain() {
    story.begin(1);
    Container intent =
        story.records().get(1).draft().mark(Optional.empty()).ports(List.of()).done();
    story.records().put(1, intent);
    ProcessMark unknown = story.processes().get(1);
    story.resume(Story.plan(List.of(1)));
    assertThat(story.processes().get(1)).isNotNull().isNotEqualTo(unknown);
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  @Test
  void aRestartOfAllGoesOn() {
    running(0, 1, 2);
    story.restart(Optional.empty(), 0);
    story.ends(1, "ended");
    story.resume(Story.plan(List.of(0, 1, 2))).answers(1);
    story.ends(2, "ended").answers(2);
    story.ends(0, "ended").answers(0);
    assertThat(story.fleet().containers().values())
        .allSatisfy(container -> assertThat(container.attempt()).isEqualTo(2));
  }

  @Test
  void aKillGoesOnAndStartsNothing() {
    running(0, 1);
    story.kill();
    story.ends(0, "ended");
    story.forgetEffects().resume(Story.plan(List.of(0, 1)));
    assertThat(story.effects()).noneMatch(Effect.Start.class::isInstance);
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(1);
    story.ends(1, "ended");
    assertThat(story.fleet().phase()).isEqualTo(Fleet.Phase.KILLED);
  }

  @Test
  void whatThePlanNoLongerHasIsEnded() {
    running(0, 1, 2);
    story.resume(Story.plan(List.of(0, 1)));
    assertThat(terminated()).extracting(Effect.Terminate::id).containsExactly(2);
  }
}
