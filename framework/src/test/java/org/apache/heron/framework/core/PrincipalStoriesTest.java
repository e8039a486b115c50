package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.framework.history.History;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.junit.jupiter.api.Test;

/** Mesos lets no framework change its principal, also not from none to one. */
class PrincipalStoriesTest {
  private static final String REFUSED = "Changing framework's principal is not allowed.";

  /** A topology that runs, and whose scheduler is then started with another configuration. */
  private static Story submittedAs(Optional<String> principal) {
    Story story = Story.running(2);
    RecordChange.Framework record = story.frameworkRecord.orElseThrow();
    story.frameworkRecord =
        Optional.of(
            new RecordChange.Framework(
                record.frameworkId(),
                principal,
                record.killing(),
                record.attemptFloor(),
                History.NONE));
    return story.restarted();
  }

  private static Story refused(Story story) {
    return story.happens(new Event.Connected()).happens(new Event.MasterError(REFUSED));
  }

  @Test
  void asWhichItSubscribedIsOnRecord() {
    assertThat(Story.of(1).frameworkRecord.orElseThrow().principal()).isEmpty();
    assertThat(Story.running(1).frameworkRecord.orElseThrow().principal()).hasValue("");
    // Of an earlier version, which kept it not: known from now on.
    Story upgraded = submittedAs(Optional.empty()).subscribed();
    assertThat(upgraded.frameworkRecord.orElseThrow().principal()).hasValue("");
  }

  @Test
  void aRefusalNamesTheFormerPrincipalAndWhatHelps() {
    Story story = submittedAs(Optional.of("ada"));
    assertThat(story.log).last().asString().contains("'ada'").contains("lets no framework change");
    refused(story);
    assertThat(story.state.phase()).isEqualTo(Phase.FAILED);
    assertThat(story.state.problem())
        .startsWith("Mesos refuses this framework: " + REFUSED)
        .contains("submitted with 'ada' heron.mesos.principal, which is now none")
        .contains("heron scheduler resume")
        .contains("heron kill");
    // It is asked again: the configuration of the masters may be put right.
    assertThat(story.passes(Duration.ofMinutes(1)).reconnects).isPositive();
    assertThat(story.tornDown).isEmpty();
    assertThat(story.subscribed().state.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void aRefusalSaysSoIfTheFormerPrincipalIsNotKnown() {
    Story story = refused(submittedAs(Optional.empty()));
    assertThat(story.state.problem()).contains("another one than none (the master's log names it)");
  }

  @Test
  void aKillOfWhatCannotSubscribeIsDoneByTheOperatorApi() {
    Story story = refused(submittedAs(Optional.of("ada")));
    RequestId kill = story.kill();
    assertThat(story.frameworkRecord.orElseThrow().killing()).isTrue();
    assertThat(story.reconnects).as("Mesos is asked at once").isEqualTo(1);
    assertThat(story.tornDown).isEmpty();
    refused(story);
    assertThat(story.tornDown).containsExactly(Story.FRAMEWORK);
    assertThat(story.finished).isFalse();
    story.happens(new Event.TornDown());
    assertThat(story.replies.get(kill)).isEqualTo(Outcome.done("killed"));
    assertThat(story.records).isEmpty();
    assertThat(story.finished).isTrue();
  }

  @Test
  void aKillThatTheOperatorApiDoesNotTakeIsTriedAgain() {
    Story story = refused(submittedAs(Optional.of("ada")));
    RequestId kill = story.kill();
    refused(story).happens(new Event.NotTornDown("the master wants credentials"));
    assertThat(story.state.problem()).contains("the master wants credentials");
    assertThat(story.replies).doesNotContainKey(kill);
    story.passes(Duration.ofMinutes(1));
    assertThat(story.reconnects).isGreaterThan(1);
    int said = story.log.size();
    int happened = story.state.history().happenings().size();
    refused(story).happens(new Event.NotTornDown("the master wants credentials"));
    assertThat(story.tornDown).hasSize(2);
    assertThat(story.log).as("it is said once").hasSize(said);
    assertThat(story.state.history().happenings()).hasSize(happened);
    assertThat(story.state.problem()).startsWith("Mesos refuses this framework: ");
    refused(story).happens(new Event.NotTornDown("it does not answer"));
    assertThat(story.state.problem())
        .endsWith("does not end it either: it does not answer")
        .doesNotContain("wants credentials");
    // Somebody else may have ended it meanwhile.
    story.happens(new Event.MasterError("Framework has been removed"));
    assertThat(story.replies.get(kill)).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void nothingIsTornDownInDoubtWhoLeads() {
    Story story = refused(submittedAs(Optional.of("ada")));
    story.kill();
    story.happens(new Event.Connected());
    story.happens(new Event.Suspended("no ZooKeeper"));
    story.happens(new Event.MasterError(REFUSED));
    assertThat(story.tornDown).isEmpty();
    story.happens(new Event.Resumed()).passes(Duration.ofMinutes(1));
    refused(story);
    assertThat(story.tornDown).hasSize(1);
  }

  @Test
  void aTeardownComesAfterTheRecordThatShowsWhoLeads() {
    Story story = refused(submittedAs(Optional.of("ada")));
    story.kill();
    story.storeIsSlow = true;
    refused(story);
    assertThat(story.tornDown).isEmpty();
    story.written();
    assertThat(story.tornDown).hasSize(1);
  }

  private static String unauthorized(String former, String now) {
    return new Principal(Optional.of("f"), Optional.of(former), now).unauthorized("no");
  }

  @Test
  void whoIsAskedForCredentialsIsToldBeforehandWhetherTheyHelp() {
    assertThat(unauthorized("", "")).contains("without a principal").contains("heron kill");
    assertThat(unauthorized("", "ada")).contains("heron kill");
    assertThat(unauthorized("ada", "bob")).contains("'ada'");
    assertThat(unauthorized("ada", "ada")).as("only the secret is wrong").isEqualTo("no");
    assertThat(new Principal(Optional.of("f"), Optional.empty(), "").unauthorized("no"))
        .isEqualTo("no");
    assertThat(new Principal(Optional.empty(), Optional.of(""), "").unauthorized("no"))
        .as("a first submit, which may choose")
        .isEqualTo("no");
  }

  @Test
  void aRefusalOfOneThatHadNoneSaysThatItMustBeSubmittedAgain() {
    assertThat(new Principal(Optional.of("f"), Optional.of(""), "ada").refusal(REFUSED))
        .contains("submitted with no heron.mesos.principal, which is now 'ada'")
        .contains("end it with heron kill and submit it again");
  }
}
