package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyQuestions;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** The scheduler that is asked hangs, or what it would need is gone. */
class TakeOverTest extends RuntimeStory {
  private static final String EXPLANATION =
      """
      {"topology":"words","at":5,"phase":"RUNNING","problem":"",
       "market":{"demand":"OPEN","filtersLapse":0,"lastRound":0,"offers":0,"agents":0},
       "containers":[],"penalties":[]}
      """;

  /** Takes connections and never answers, as a process that is stopped. */
  private static ServerSocket paused() throws Exception {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static String endpoint(ServerSocket socket) {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  @Test
  void whoLeadsSinceIsAskedWhenTheFormerDoesNotAnswer() throws Exception {
    scheduler.explain(EXPLANATION);
    try (ServerSocket paused = paused()) {
      publish(endpoint(paused));
      // The other begins to lead when the former has been chosen, long before that is given up.
      progress.during(
          "asking the scheduler at " + endpoint(paused), () -> publish(scheduler.endpoint()));
      Explanation told = new TopologyQuestions(session).explain(Optional.empty());
      assertThat(told.topology()).isEqualTo("words");
      assertThat(progress.lines())
          .contains(
              "warn The scheduler at "
                  + endpoint(paused)
                  + " does not answer; the scheduler at "
                  + scheduler.endpoint()
                  + " leads");
    }
  }

  @Test
  void ofASchedulerThatHangsItIsSaidThatAStandbyTakesOver() throws Exception {
    try (ServerSocket paused = paused()) {
      publish(endpoint(paused));
      assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.empty()))
          .isInstanceOf(ClientException.class)
          .hasMessageStartingWith(
              "The scheduler at " + endpoint(paused) + " does not answer, and no other leads yet")
          .hasMessageContaining("a standby takes over by itself")
          .hasMessageEndingWith("heron scheduler resume test/ada/devel words");
    }
  }

  @Test
  void aKillNeverSucceedsWhileTheClusterRunsWhatNothingIsOnRecordOf() throws Exception {
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    session.state().delete(StateKind.PACKING_PLAN, "words");
    FakeLauncher.survives("its framework f-1 runs in Mesos. To end framework f-1: TEARDOWN");
    assertThatThrownBy(() -> new TopologyKill(session).run())
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("framework f-1")
        .hasMessageContaining("TEARDOWN");
    assertThat(home.stateFiles()).contains("topologies/words");
  }
}
