package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.service.inprocess.LibraryLaunch;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topologies of Nomad and Aurora, whose scheduler is in no process. */
class DoctorLibraryTest extends DoctorFixture {
  private static final String LOOKED_AFTER = "1 of 1 topologies are looked after";

  @BeforeEach
  void library() {
    properties.put("heron.scheduler.is.service", false);
  }

  /** What its commands and its container 0 have written. */
  private static void runs(IStateManager state, String host, int port) {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        "words",
        SchedulerLocation.newBuilder()
            .setTopologyName("words")
            .setHttpEndpoint(LibraryLaunch.ENDPOINT)
            .build());
    state.put(
        StateKind.TMANAGER_LOCATION,
        "words",
        TManagerLocation.newBuilder()
            .setTopologyName("words")
            .setTopologyId("words-id")
            .setHost(host)
            .setControllerPort(port)
            .setServerPort(port)
            .setStatsPort(port)
            .build());
  }

  private static List<Finding> topologies(Checkup checkup) {
    return checkup.entries().stream()
        .map(Checkup.Entry::finding)
        .filter(finding -> finding.check().equals("topology"))
        .toList();
  }

  private static void isUnclear(Checkup checkup, String why) {
    assertThat(checkup.dead()).isEmpty();
    Finding finding = topologies(checkup).get(0);
    assertThat(finding.verdict()).isEqualTo(Verdict.SKIPPED);
    assertThat(finding.message()).isEqualTo("of words it is not clear whether it runs: " + why);
    assertThat(finding.remedy()).as("nothing is offered").isEmpty();
  }

  @Test
  void oneThatRunsIsLookedAfter() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    WatchedLauncher.LIVES.put("words", Life.running("3 jobs"));
    try (ServerSocket manager = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        IStateManager state = state()) {
      runs(state, "127.0.0.1", manager.getLocalPort());
      Checkup checkup = examine();
      assertThat(topologies(checkup)).containsExactly(Finding.ok("topology", LOOKED_AFTER));
      // Whatever the configuration has become since it was submitted.
      properties.put("heron.scheduler.is.service", true);
      assertThat(topologies(examine())).containsExactly(Finding.ok("topology", LOOKED_AFTER));
    }
  }

  @Test
  void oneWhoseManagerAnswersIsNotToBeKilledBecauseTheBackEndKnowsNothingOfIt() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    try (ServerSocket manager = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        IStateManager state = state()) {
      runs(state, "127.0.0.1", manager.getLocalPort());
      isUnclear(examine(), "its topology manager answers, but nothing runs");
      WatchedLauncher.LIVES.put("words", Life.unknown("no server"));
      isUnclear(examine(), "its topology manager answers, but no server");
    }
  }

  // The back end may have been asked for another namespace; the port may be closed to this host.
  @Test
  void oneWhoseManagerHasASessionIsNotDeadButIsWhenThatHasEnded() throws Exception {
    try (EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.start(directory.resolve("zk"), 0);
        Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      properties.put(
          "heron.class.state.manager",
          "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
      properties.put("heron.statemgr.connection.string", zookeeper.connectString());
      properties.put("heron.statemgr.root.path", "/heron");
      write("words", "test", Instant.now().minusSeconds(3600));
      try (IStateManager container = state()) {
        runs(container, "127.0.0.1", closed.getLocalPort());
        isUnclear(
            examine(),
            "nothing runs, but the session of its topology manager has not ended; look again in a"
                + " minute, with the settings that it was submitted with");
      }
      try (Doctor doctor = doctor();
          IStateManager state = state()) {
        Checkup checkup = doctor.examine(NOBODY);
        assertThat(checkup.dead()).hasSize(1);
        assertThat(checkup.dead().get(0).left())
            .containsExactly("topologies", "executionstate", "schedulers");
        assertThat(doctor.remove(checkup.dead().get(0)).verdict()).isEqualTo(Verdict.OK);
        StateKind.all().forEach(kind -> assertThat(state.list(kind)).isEmpty());
      }
    }
  }

  // Files stay when their writer is gone: all that they say is where to look.
  @Test
  void aFileProvesNoManagerWhereNobodyListens() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    try (Socket closed = new Socket();
        IStateManager state = state()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      runs(state, "127.0.0.1", closed.getLocalPort());
      try (Doctor doctor = doctor()) {
        Checkup checkup = doctor.examine(NOBODY);
        assertThat(checkup.dead()).hasSize(1);
        assertThat(doctor.remove(checkup.dead().get(0)).verdict()).isEqualTo(Verdict.OK);
      }
    }
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aManagerThatCannotBeReachedFromHereMayRun() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    try (IStateManager state = state()) {
      runs(state, "manager.invalid", 7000);
      isUnclear(
          examine(),
          "nothing runs, but the host of its topology manager cannot be reached; look from one that"
              + " reaches it");
    }
  }
}
