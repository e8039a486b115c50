package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Agents are maintained, drained and blamed. */
class MaintenanceStoriesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static List<Integer> on(Story story, String agent) {
    return story.state.containers().stream()
        .filter(each -> each.task().filter(t -> t.agent().value().equals(agent)).isPresent())
        .map(each -> each.id().value())
        .toList();
  }

  private static Offer closing(String id, String agent, Instant start) {
    return OfferBuilder.usual(id, agent).toBuilder()
        .setUnavailability(Story.unavailable(start, HOUR))
        .build();
  }

  @Test
  void containersMoveAwayOneByOneBeforeTheirAgentIsMaintained() {
    Story story = Story.running(4);
    List<Integer> there = on(story, "a1");
    assertThat(there).hasSize(2).contains(0);
    story.announced("I1", "a1", story.now.plusSeconds(300), HOUR);
    assertThat(story.calls(Call.Type.DECLINE_INVERSE_OFFERS)).hasSize(1);
    int other = there.get(1);
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
    story.offeredBy("a2");
    assertThat(story.life(other)).isEqualTo(Life.KILLING);
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
    assertThat(story.calls(Call.Type.DECLINE)).isNotEmpty();
    story.updated(other, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1));
    // The agent itself is offered, too, and is not used.
    story.offered(closing("O8", "a1", story.now.plusSeconds(290)));
    assertThat(story.launched()).isEmpty();
    story.passes(Duration.ofSeconds(1)).offeredBy("a2").runs(other);
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
    story.passes(Duration.ofSeconds(1)).offeredBy("a3");
    assertThat(story.life(0)).isEqualTo(Life.KILLING);
    story.updated(0, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a3").runs(0);
    assertThat(on(story, "a1")).isEmpty();
    story.announced("I2", "a1", story.now.plusSeconds(200), HOUR);
    assertThat(story.calls(Call.Type.ACCEPT_INVERSE_OFFERS)).hasSize(1);
    story.passes(HOUR);
    assertThat(story.state.containers().stream().mapToInt(Container::attempt).sum()).isEqualTo(6);
  }

  @Test
  void aWindowThatIsFarAheadMovesNothingYet() {
    Story story = Story.running(2);
    String agent = story.container(1).currentTask().agent().value();
    story.announced("I1", agent, story.now.plus(HOUR), HOUR);
    story.passes(Duration.ofMinutes(49)).offeredBy("a7");
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.passes(Duration.ofMinutes(1)).offeredBy("a7");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void nothingIsKilledThatHasNowhereToGo() {
    Story story = Story.running(5);
    story.announced("I1", "a1", story.now.plusSeconds(300), HOUR);
    story.announced("I2", "a2", story.now.plusSeconds(300), HOUR);
    story.offered(
        closing("O8", "a1", story.now.plusSeconds(300)),
        closing("O9", "a2", story.now.plusSeconds(300)));
    for (int minute = 0; minute < 4; minute++) {
      story
          .passes(Duration.ofMinutes(1))
          .offered(OfferBuilder.offer("small" + minute, "a3").cpus(0.1).build());
    }
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(5);
    // When there is a place the first goes, and not a second one before that runs again.
    story.offeredBy("a3").offeredBy("a4").offeredBy("a5");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void aMoveThatDoesNotSucceedIsNotRepeatedWithTheNextContainer() {
    Story story = Story.running(4);
    story.announced("I1", "a1", story.now.plus(HOUR), HOUR).passes(Duration.ofMinutes(50));
    story.offeredBy("a2", "a3");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    int moved =
        story.state.containers().stream()
            .filter(each -> each.life() == Life.KILLING)
            .findFirst()
            .orElseThrow()
            .id()
            .value();
    story.updated(moved, TaskState.TASK_KILLED);
    for (int minute = 0; minute < 15; minute++) {
      story.passes(Duration.ofMinutes(1)).offeredBy("a2", "a3");
      if (story.life(moved).hasTask()) {
        story.updated(moved, TaskState.TASK_FAILED);
      }
    }
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(3);
    story.passes(Duration.ofMinutes(6)).offeredBy("a2").runs(moved);
    story.passes(Duration.ofSeconds(1)).offeredBy("a3");
    assertThat(story.calls(Call.Type.KILL)).hasSize(2);
  }

  @Test
  void aMoveThatIsUnderWayTakesUpTheBudgetAfterAFailoverToo() {
    Story story = Story.running(6);
    story.announced("I1", "a1", story.now.plusSeconds(300), HOUR).offeredBy("a2");
    int moved =
        on(story, "a1").stream().filter(id -> story.life(id) == Life.KILLING).findFirst().get();
    story.restarted().subscribed();
    story.announced("I2", "a1", story.now.plusSeconds(290), HOUR).offeredBy("a2", "a3");
    assertThat(story.state.containers().count(Life.KILLING)).isEqualTo(1);
    story.updated(moved, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a3");
    assertThat(story.life(moved)).isEqualTo(Life.LAUNCHING);
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(5);
    story.runs(moved).passes(Duration.ofSeconds(1)).offeredBy("a3");
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(5);
    assertThat(story.life(moved)).isEqualTo(Life.RUNNING);
  }

  @Test
  void maintenanceThatIsCalledOffMovesNothing() {
    Story rescinded = Story.running(1);
    rescinded.announced("I1", "a1", rescinded.now.plus(HOUR), HOUR);
    rescinded.calledOff("a1").happens(new Event.InverseRescinded(new OfferId("another")));
    rescinded.happens(new Event.InverseRescinded(new OfferId("I1"))).passes(HOUR);
    assertThat(rescinded.calls(Call.Type.KILL)).isEmpty();
    Story offered = Story.running(1);
    offered.announced("I1", "a1", offered.now.plus(HOUR), HOUR).calledOff("a1");
    offered.offeredBy("a1").passes(HOUR);
    assertThat(offered.calls(Call.Type.KILL)).isEmpty();
    assertThat(offered.state.windows()).isEqualTo(Windows.NONE);
  }

  /** What a user allows a restart, no move may use up. */
  @Test
  void aRestartThatWasGivenUpLeavesTheBudget() {
    Story story = Story.running(6);
    story.restartAll(5);
    for (int each = 1; each <= 5; each++) {
      story.updated(each, TaskState.TASK_KILLED);
    }
    story.passes(Duration.ofSeconds(1)).offeredBy("a1", "a2", "a3");
    for (int each = 2; each <= 5; each++) {
      story.runs(each);
    }
    story.updated(1, TaskState.TASK_STARTING).passes(Duration.ofMinutes(20));
    assertThat(story.life(1)).isEqualTo(Life.STARTING);
    story.calls.clear();
    for (String agent : List.of("a1", "a2", "a3")) {
      story.announced("I-" + agent, agent, story.now.plusSeconds(300), HOUR);
    }
    story.offeredBy("a7", "a8", "a9");
    assertThat(story.calls(Call.Type.KILL)).as("one is down already").isEmpty();
    story.updated(1, TaskState.TASK_RUNNING).passes(Duration.ofSeconds(1));
    story.offeredBy("a7", "a8", "a9");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  /** Of an inverse offer that we have answered no RESCIND_INVERSE_OFFER comes. */
  @Test
  void maintenanceThatIsCalledOffWithoutAWordMovesNothing() {
    Story story = Story.running(4);
    story.announced("I1", "a1", story.now.plus(HOUR), HOUR).passes(Duration.ofMinutes(5));
    assertThat(story.state.windows()).isNotEqualTo(Windows.NONE);
    story.calledOff("a1").passes(Duration.ofMinutes(46)).offeredBy("a2", "a3");
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.state.windows()).isEqualTo(Windows.NONE);
  }

  /** The time in which no master could have said it does not count. */
  @Test
  void maintenanceIsNotForgottenWhileThereIsNoMaster() {
    Story story = Story.running(4);
    story.announced("I1", "a1", story.now.plus(HOUR), HOUR).calledOff("a1");
    story.disconnected().passes(Duration.ofMinutes(51)).subscribed();
    story.offeredBy("a2", "a3");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void aWindowThatIsOverMovesNothing() {
    Story story = Story.running(1);
    story.announced("I1", "a1", story.now.minus(HOUR), Duration.ofMinutes(59));
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
  }

  @Test
  void anInverseOfferForAnAgentThatRunsNothingOfOursIsAcceptedAndForgotten() {
    Story story = Story.running(1);
    story.announced("I1", "a77", story.now, HOUR);
    assertThat(story.calls(Call.Type.ACCEPT_INVERSE_OFFERS))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.getAcceptInverseOffers().getInverseOfferIds(0).getValue())
                    .isEqualTo("I1"));
    assertThat(story.state.windows()).isEqualTo(Windows.NONE);
  }

  @Test
  void aDrainedContainerIsReplacedAtOnceAndIsNoFailure() {
    // Recording drain: TASK_KILLED with this reason, and no more offers of the agent.
    Story story = Story.running(2);
    story.updated(
        story.taskOf(1),
        TaskState.TASK_KILLED,
        "a2",
        "Command terminated with signal Terminated",
        "REASON_AGENT_DRAINING");
    assertThat(story.life(1)).isEqualTo(Life.WAITING);
    assertThat(story.container(1).failures()).isZero();
    assertThat(story.container(1).reason()).contains("REASON_AGENT_DRAINING");
    story.passes(Duration.ofSeconds(1)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void anAgentThatIsGoneOrLostIsReplacedAtOnce() {
    for (TaskState state :
        List.of(TaskState.TASK_GONE, TaskState.TASK_GONE_BY_OPERATOR, TaskState.TASK_LOST)) {
      Story story = Story.running(2);
      story.updated(1, state);
      assertThat(story.life(1)).isEqualTo(Life.WAITING);
      story.passes(Duration.ofSeconds(1)).offeredBy("a1");
      assertThat(story.launched()).hasSize(1);
    }
  }

  @Test
  void aLaunchWithAnOfferThatWasRescindedIsTriedAgainAtOnceWithAnother() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    story.updated(
        story.taskOf(0),
        TaskState.TASK_DROPPED,
        "a1",
        "Offer O1 is no longer valid",
        "REASON_INVALID_OFFERS");
    assertThat(story.life(0)).isEqualTo(Life.WAITING);
    assertThat(story.state.penalties()).isEqualTo(Penalties.NONE);
  }

  @Test
  void agentsThatFailLaunchesArePenalisedEverLongerAndForgivenWhenOneSucceeds() {
    Story story = Story.of(1).subscribed();
    AgentId agent = new AgentId("a1");
    for (int i = 1; i <= 7; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED);
      Penalties.Blame penalty = story.state.penalties().of(agent, story.now).orElseThrow();
      assertThat(penalty.failures()).isEqualTo(i);
      assertThat(Duration.between(story.now, penalty.until()).toSeconds())
          .isEqualTo(Math.min(600, 30L << (i - 1)));
      assertThat(penalty.reason()).contains("said Mesos");
      story.passes(Duration.ofMinutes(2));
    }
    story.passes(Duration.ofMinutes(5)).offeredBy("a1").runs(0);
    assertThat(story.state.penalties()).isEqualTo(Penalties.NONE);
    story.updated(0, TaskState.TASK_FAILED);
    assertThat(story.state.penalties()).isEqualTo(Penalties.NONE);
  }

  @Test
  void penaltiesLapseAndAreBounded() {
    Instant now = Instant.parse("2026-11-21T00:00:00Z");
    Penalties penalties = Penalties.NONE;
    for (int i = 0; i < 1_000; i++) {
      penalties = penalties.failed(new AgentId("a" + i), "no", now.plusMillis(i));
    }
    assertThat(penalties.byAgent()).hasSize(256).containsKey(new AgentId("a999"));
    assertThat(penalties.of(new AgentId("a999"), now.plusSeconds(32))).isEmpty();
    penalties = penalties.failed(new AgentId("b"), "no", now.plus(HOUR));
    assertThat(penalties.byAgent()).hasSize(1);
  }
}
