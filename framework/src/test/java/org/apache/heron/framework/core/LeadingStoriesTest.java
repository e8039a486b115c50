package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Doubt about who leads, and what is done about a framework that nobody may remember. */
class LeadingStoriesTest {
  private static final Event SUSPENDED = new Event.Suspended("ZooKeeper is away");
  private static final Event RESUMED = new Event.Resumed();

  @Test
  void inDoubtNothingIsLaunchedOrKilledAndOffersGoBack() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_FAILED).passes(Duration.ofSeconds(2));
    story.happens(SUSPENDED);
    story.calls.clear();
    story.offeredBy("a1").offeredBy("a2");
    RequestId restart = story.restart(0);
    story.passes(Duration.ofMinutes(3));
    assertThat(story.callTypes()).containsOnly(Call.Type.DECLINE).hasSize(2);
    assertThat(story.life(1)).isEqualTo(Life.WAITING);
    story.happens(RESUMED);
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
    assertThat(story.calls(Call.Type.RECONCILE)).isNotEmpty();
    story.updated(0, TaskState.TASK_KILLED).offeredBy("a1");
    assertThat(story.launched()).hasSize(2);
    story.runs(0);
    assertThat(story.replies.get(restart).ok()).isTrue();
  }

  @Test
  void inDoubtWhatMesosSaysIsTakenIn() {
    Story story = Story.running(2).happens(SUSPENDED);
    story.updated(1, TaskState.TASK_FAILED);
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
    story.passes(Duration.ofHours(1));
    assertThat(story.life(1)).isEqualTo(Life.BACKING_OFF);
    story.happens(RESUMED).passes(Duration.ofSeconds(1)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void heldOffersGoBackWhenDoubtArises() {
    Story story = Story.of(1).subscribed();
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    story.happens(SUSPENDED);
    assertThat(story.calls(Call.Type.DECLINE)).hasSize(1);
    assertThat(story.state.held()).isEmpty();
  }

  @Test
  void whoIsNotSureToLeadDoesNotSubscribe() {
    Story story = Story.running(1).disconnected().happens(SUSPENDED);
    story.happens(new Event.Connected()).passes(Duration.ofMinutes(5));
    assertThat(story.calls(Call.Type.SUBSCRIBE)).isEmpty();
    assertThat(story.state.link()).isEqualTo(Link.CONNECTED);
    story.happens(RESUMED);
    assertThat(story.calls(Call.Type.SUBSCRIBE)).hasSize(1);
  }

  @Test
  void aKillInDoubtIsPressedOnAfterwards() {
    Story story = Story.running(1).happens(SUSPENDED);
    RequestId kill = story.kill();
    story.passes(Duration.ofMinutes(5));
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.calls(Call.Type.TEARDOWN)).isEmpty();
    story.happens(RESUMED);
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    story.updated(0, TaskState.TASK_KILLED).happens(new Event.TornDown());
    assertThat(story.replies.get(kill).ok()).isTrue();
  }

  @Test
  void whoHasLostTheLeadStops() {
    Story story = Story.running(1).happens(SUSPENDED);
    story.happens(new Event.Deposed("the session with ZooKeeper is lost"));
    assertThat(story.failure).isEqualTo("the session with ZooKeeper is lost");
    assertThat(story.records).hasSize(1);
    assertThat(story.calls).isEmpty();
  }

  @Test
  void aFrameworkThatIsNotOnRecordYetIsRemovedByMesosSoon() {
    Story story = Story.of(1);
    story.storeIsSlow = true;
    story.subscribed();
    assertThat(timeOut(story.calls(Call.Type.SUBSCRIBE).get(0))).isEqualTo(60);
    assertThat(story.calls(Call.Type.UPDATE_FRAMEWORK)).isEmpty();
    story.storeIsSlow = false;
    story.written();
    Call update = story.calls(Call.Type.UPDATE_FRAMEWORK).get(0);
    assertThat(update.getUpdateFramework().getFrameworkInfo().getFailoverTimeout())
        .isEqualTo(7 * 24 * 3600.0);
    assertThat(update.getUpdateFramework().getFrameworkInfo().getId().getValue())
        .isEqualTo(Story.FRAMEWORK);
    story.restarted().subscribed();
    assertThat(timeOut(story.calls(Call.Type.SUBSCRIBE).get(0))).isEqualTo(7 * 24 * 3600.0);
    assertThat(story.calls(Call.Type.UPDATE_FRAMEWORK)).isEmpty();
  }

  private static double timeOut(Call subscribe) {
    return subscribe.getSubscribe().getFrameworkInfo().getFailoverTimeout();
  }

  @Test
  void nothingIsLaunchedBeforeMesosKeepsTheFrameworkLongEnough() {
    Story story = Story.of(1);
    story.takesUpdates = false;
    story.subscribed().offeredBy("a1").passes(Duration.ofSeconds(4));
    assertThat(story.launched()).isEmpty();
    assertThat(story.reconnects).isZero();
    story.happens(new Event.FrameworkUpdated()).passes(Duration.ofSeconds(1));
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void aMasterThatDoesNotTakeTheUpdateIsToldBySubscribingAnew() {
    Story story = Story.of(1);
    story.takesUpdates = false;
    story.subscribed().passes(Duration.ofSeconds(5));
    assertThat(story.reconnects).isEqualTo(1);
    story.calls.clear();
    story.disconnected().subscribed().offeredBy("a1");
    assertThat(timeOut(story.calls(Call.Type.SUBSCRIBE).get(0))).isEqualTo(7 * 24 * 3600.0);
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void aFrameworkThatWasRemovedBeforeItLaunchedAnythingIsRegisteredAnew() {
    Story story = Story.of(2).subscribed().restarted();
    story.happens(new Event.Connected());
    story.happens(new Event.MasterError("Framework has been removed"));
    assertThat(story.state.phase()).isEqualTo(Phase.SERVING);
    assertThat(story.reconnects).isEqualTo(1);
    assertThat(story.log).last().asString().contains("never launched anything");
    story.calls.clear();
    story.disconnected().happens(new Event.Connected());
    assertThat(story.calls(Call.Type.SUBSCRIBE).get(0).hasFrameworkId()).isFalse();
    story.happens(new Event.Subscribed("framework-0001", "m:5050")).offeredBy("a1");
    assertThat(story.frameworkRecord.orElseThrow().frameworkId()).hasValue("framework-0001");
    assertThat(story.launched()).hasSize(2);
  }
}
