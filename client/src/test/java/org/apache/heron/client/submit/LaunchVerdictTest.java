package org.apache.heron.client.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.submit.LaunchVerdict.Failed;
import org.apache.heron.client.submit.LaunchVerdict.Running;
import org.apache.heron.client.submit.LaunchVerdict.TimedOut;
import org.apache.heron.client.submit.LaunchVerdict.Waiting;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.junit.jupiter.api.Test;

class LaunchVerdictTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void everyContainerMustRun() {
    assertThat(early(Phase.RUNNING, "", container(0, "RUNNING"), container(1, "RUNNING")))
        .isEqualTo(new Running());
    assertThat(early(Phase.RUNNING, "", container(0, "RUNNING"), container(1, "WAITING")))
        .isEqualTo(new Waiting("waiting for offers: 1 of 2 containers running"));
    assertThat(early(Phase.RUNNING, "", container(0, "STAGING")))
        .isEqualTo(new Waiting("starting: 0 of 1 containers running"));
  }

  @Test
  void onlyMesosOffers() {
    SchedulerStatus waits =
        new SchedulerStatus(
            "words", "id", Phase.RUNNING, "", "", "", List.of(waiting(0, "no node takes it")));
    assertThat(
            LaunchVerdict.judge(Optional.of(waits), false, Duration.ZERO, Duration.ZERO, PATIENCE))
        .isEqualTo(new Waiting("waiting for a place: 0 of 1 containers running"));
    SchedulerStatus begins =
        new SchedulerStatus(
            "words", "id", Phase.RUNNING, "", "", "", List.of(container(0, "WAITING")));
    assertThat(
            LaunchVerdict.judge(Optional.of(begins), false, Duration.ZERO, Duration.ZERO, PATIENCE))
        .isEqualTo(new Waiting("starting: 0 of 1 containers running"));
  }

  @Test
  void runningContainersMustHaveFoundEachOther() {
    SchedulerStatus status =
        new SchedulerStatus(
            "words", "id", Phase.RUNNING, "f", "m", "", List.of(container(0, "RUNNING")));
    assertThat(
            LaunchVerdict.judge(Optional.of(status), false, Duration.ZERO, Duration.ZERO, PATIENCE))
        .isEqualTo(new Waiting("connecting the containers: 1 of 1 containers running"));
    assertThat(LaunchVerdict.judge(Optional.of(status), false, Duration.ZERO, PATIENCE, PATIENCE))
        .isInstanceOfSatisfying(
            TimedOut.class, late -> assertThat(late.reason()).contains("no physical plan"));
  }

  @Test
  void afterItsPatienceItSaysWhatItWaitsFor() {
    assertThat(late(Phase.RUNNING, "", container(0, "RUNNING"), waiting(1, "no agent has 8 cpus")))
        .isEqualTo(
            new TimedOut("1 of 2 containers running; container 1 is WAITING: no agent has 8 cpus"));
    assertThat(late(Phase.REGISTERING, "no master at 127.0.0.1:5050"))
        .isEqualTo(new TimedOut("the scheduler cannot register: no master at 127.0.0.1:5050"));
    assertThat(
            late(
                Phase.RUNNING,
                "",
                waiting(1, "reason 1"),
                waiting(2, "reason 2"),
                waiting(3, "reason 3"),
                waiting(4, "reason 4"),
                waiting(5, "reason 5")))
        .isInstanceOfSatisfying(
            TimedOut.class, late -> assertThat(late.reason()).endsWith("; and 2 more"));
  }

  @Test
  void eachReasonIsSaidOnce() {
    String lack = "container 3 needs 8.0 cpus: 1 of 1 agent lacks 4.0";
    String lacking = "waits for offers: needs 8.0 cpus: 1 of 1 agent lacks 4.0";
    String held = "waits for offers: fits, but nothing is launched until all do; " + lack;
    assertThat(
            late(
                Phase.RUNNING,
                "",
                waiting(0, held),
                waiting(1, held),
                waiting(2, held),
                waiting(3, lacking)))
        .isEqualTo(
            new TimedOut(
                "0 of 4 containers running; containers 0, 1, 2 are WAITING: fits, but nothing is"
                    + " launched until all do; "
                    + lack));
  }

  @Test
  void aSchedulerThatGivesUpEndsTheWaitAtOnce() {
    assertThat(early(Phase.FAILED, "role 'x' is not known to the master"))
        .isEqualTo(new Failed("role 'x' is not known to the master"));
    assertThat(early(Phase.KILLED, "")).isInstanceOf(Failed.class);
  }

  @Test
  void aContainerThatKeepsFailingEndsTheWait() {
    Container failing =
        new Container(1, "BACKING_OFF", "t", 5, 5, "", "", 1, 1, 1, Map.of(), "no such URI", 0, 0);
    assertThat(early(Phase.RUNNING, "", failing))
        .isEqualTo(new Failed("container 1 failed 5 times: no such URI"));
  }

  @Test
  void whatNoAgentCanEvenBeginIsGivenUpSooner() {
    Container first = neverBegan(1, 1);
    Container second = neverBegan(1, 2);
    assertThat(early(Phase.RUNNING, "", first, waiting(2, ""))).isInstanceOf(Waiting.class);
    assertThat(early(Phase.RUNNING, "", second, waiting(2, "")))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.reason()).startsWith("container 1 failed 2 times: "));
  }

  @Test
  void oneAgentThatCannotBeginItIsNotTheEnd() {
    assertThat(early(Phase.RUNNING, "", neverBegan(1, 4), container(2, "RUNNING")))
        .isInstanceOf(Waiting.class);
    assertThat(early(Phase.RUNNING, "", neverBegan(1, 5), container(2, "RUNNING")))
        .isInstanceOf(Failed.class);
  }

  @Test
  void aSilentSchedulerIsGivenSomeSeconds() {
    assertThat(
            LaunchVerdict.judge(Optional.empty(), false, Duration.ofSeconds(3), PATIENCE, PATIENCE))
        .isInstanceOf(Waiting.class);
    assertThat(
            LaunchVerdict.judge(
                Optional.empty(), false, Duration.ofSeconds(20), Duration.ZERO, PATIENCE))
        .isEqualTo(new Failed("the scheduler has not answered for 20 seconds"));
  }

  private static LaunchVerdict early(Phase phase, String problem, Container... containers) {
    return judge(Duration.ofSeconds(1), phase, problem, containers);
  }

  private static LaunchVerdict late(Phase phase, String problem, Container... containers) {
    return judge(PATIENCE, phase, problem, containers);
  }

  private static LaunchVerdict judge(
      Duration waited, Phase phase, String problem, Container... containers) {
    SchedulerStatus status =
        new SchedulerStatus("words", "id", phase, "f", "m", problem, List.of(containers));
    return LaunchVerdict.judge(Optional.of(status), true, Duration.ZERO, waited, PATIENCE);
  }

  private static Container container(int id, String state) {
    return new Container(id, state, "t", 1, 0, "", "", 1, 1, 1, Map.of(), "", 0, 0);
  }

  private static Container neverBegan(int id, int failures) {
    String reason = "ended on a: Failed to fetch x (REASON_CONTAINER_LAUNCH_FAILED)";
    return new Container(
        id, "BACKING_OFF", "", 20 + failures, failures, "", "", 1, 1, 1, Map.of(), reason, 0, 0);
  }

  private static Container waiting(int id, String reason) {
    return new Container(id, "WAITING", "", 0, 0, "", "", 1, 1, 1, Map.of(), reason, 0, 0);
  }
}
