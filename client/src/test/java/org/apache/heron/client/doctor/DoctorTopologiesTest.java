package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.heron.client.FakeScheduler;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** Which topologies run, which are dead, and what is removed of those. */
class DoctorTopologiesTest extends DoctorFixture {
  @Test
  void aTopologyWhoseLifeCannotBeAskedIsNotTakenForDead() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    properties.put("test.back.end.fails", "life");
    Checkup checkup = examine();
    assertThat(checkup.dead()).isEmpty();
    assertThat(checkup.entries().stream().map(each -> each.finding().message()))
        .contains(
            "of words it is not clear whether it runs: test.attempts is 'many', which is no number",
            "0 of 1 topologies are looked after");
  }

  @Test
  void aDeadTopologyIsFoundAndRemovedOnRequest() throws Exception {
    write("words", "test", "bob", Instant.now().minusSeconds(3600));
    WatchedLauncher.RECORDS.add("words");
    Files.createDirectories(home.packages());
    Files.writeString(home.packages().resolve("words-bob-tag-0.tar.gz"), "its package");
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      assertThat(checkup.dead()).hasSize(1);
      assertThat(checkup.dead().get(0).left())
          .containsExactly("topologies", "executionstate", "frameworks");
      Finding failure = failures(checkup).get(0);
      assertThat(failure.message())
          .isEqualTo(
              "of words there is only topologies, executionstate, frameworks left: nothing runs");
      assertThat(failure.remedy()).contains("heron doctor test/ada/devel --fix removes it");
      assertThat(home.stateFiles()).hasSize(2);

      assertThat(doctor.remove(checkup.dead().get(0)))
          .isEqualTo(Finding.ok("repair", "removed what was left of words"));
    }
    assertThat(home.stateFiles()).isEmpty();
    assertThat(WatchedLauncher.RECORDS).isEmpty();
    assertThat(WatchedLauncher.CLEANED).containsExactly("bob/words");
    assertThat(home.packages()).doesNotExist();
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void whatCannotBeRemovedIsSaidAndTheNameIsFreeNevertheless() throws Exception {
    write("words", "test", "../../elsewhere", Instant.now().minusSeconds(3600));
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      Finding repair = doctor.remove(checkup.dead().get(0));
      assertThat(repair.verdict()).isEqualTo(Verdict.WARNING);
      assertThat(repair.message())
          .startsWith("removed what was left of words, but ")
          .contains("'../../elsewhere' cannot be a name");
      assertThat(checkup.healthy()).isFalse();
      assertThat(checkup.healthy(List.of(repair))).isTrue();
    }
    assertThat(WatchedLauncher.CLEANED).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aLockThatIsAllThatIsLeftIsFoundAndRemovedOnRequest() throws Exception {
    Path lock = home.state().resolve("locks/gone__updateTopology");
    Files.writeString(lock, "main");
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      assertThat(checkup.healthy()).as("it is in nobody's way").isTrue();
      assertThat(warning(checkup, "topology").message())
          .isEqualTo("of gone there is only locks left: nothing runs");
      Finding repair = doctor.remove(checkup.dead().get(0));
      assertThat(repair.verdict()).isEqualTo(Verdict.OK);
      assertThat(checkup.healthy(List.of(repair))).isTrue();
    }
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void whatHasComeToLifeSinceIsNotRemoved() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      WatchedLauncher.LIVES.put("words", Life.running("tasks"));
      assertThat(doctor.remove(checkup.dead().get(0)).verdict()).isEqualTo(Verdict.SKIPPED);
      WatchedLauncher.LIVES.clear();
      try (IStateManager state = state();
          IStateManager.Lock submit =
              state
                  .lock("words", "submitTopology", java.time.Duration.ofSeconds(5))
                  .orElseThrow()) {
        assertThat(submit).isNotNull();
        assertThat(doctor.remove(checkup.dead().get(0)).message())
            .contains("is being submitted just now");
      }
    }
    assertThat(home.stateFiles()).contains("topologies/words", "executionstate/words");
  }

  @Test
  void livingTopologiesAreNeverOffered() throws Exception {
    write("orphan", "test", Instant.now().minusSeconds(3600));
    WatchedLauncher.LIVES.put("orphan", Life.running("3 tasks"));
    write("unclear", "test", Instant.now().minusSeconds(3600));
    WatchedLauncher.LIVES.put("unclear", Life.unknown("no master"));
    write("young", "test", Instant.now());
    write("foreign", "other", Instant.now().minusSeconds(3600));
    write("alive", "test", Instant.now().minusSeconds(3600));
    try (ServerSocket scheduler = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        IStateManager state = state()) {
      state.put(
          StateKind.SCHEDULER_LOCATION,
          "alive",
          SchedulerLocation.newBuilder()
              .setTopologyName("alive")
              .setHttpEndpoint("127.0.0.1:" + scheduler.getLocalPort())
              .build());
      Checkup checkup = examine();
      assertThat(checkup.dead()).isEmpty();
      assertThat(warning(checkup, "topology").message())
          .isEqualTo("orphan runs without a scheduler: 3 tasks");
      assertThat(warning(checkup, "topology").remedy().orElseThrow())
          .startsWith("heron scheduler resume test/ada/devel orphan");
      assertThat(checkup.entries().stream().map(e -> e.finding().message()))
          .contains("1 of 5 topologies are looked after");
    }
  }

  // The location of a scheduler that was killed outlives it; its port was given to another's.
  @Test
  void aSchedulerOfAnotherTopologyIsNoSignOfLife() throws Exception {
    write("dead", "test", Instant.now().minusSeconds(3600));
    try (FakeScheduler other = new FakeScheduler();
        IStateManager state = state()) {
      other.say(FakeScheduler.statusOf("counts", "counts-id", "RUNNING", ""));
      state.put(
          StateKind.SCHEDULER_LOCATION,
          "dead",
          SchedulerLocation.newBuilder()
              .setTopologyName("dead")
              .setHttpEndpoint(other.endpoint())
              .build());
      assertThat(examine().dead()).extracting(DeadTopology::name).containsExactly("dead");
      other.say(FakeScheduler.statusOf("dead", "dead-id", "RUNNING", ""));
      assertThat(examine().dead()).isEmpty();
    }
  }

  @Test
  void aNodeThatCannotBeReadIsNotTakenForDead() throws Exception {
    Files.createDirectories(home.state().resolve("executionstate"));
    Files.writeString(home.state().resolve("executionstate/words"), "rubbish, not a message");
    Checkup checkup = examine();
    assertThat(checkup.dead()).isEmpty();
    assertThat(checkup.entries().stream().map(e -> e.finding().message()))
        .anyMatch(
            message -> message.startsWith("of words it is not clear whether it runs: its nodes"));
  }
}
