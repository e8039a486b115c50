package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an agent that says nothing is taken for unreachable; on a clock of its own. */
class AgentSilenceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Time time = new Time();
  private final MasterLoop loop = new MasterLoop("master of a test");
  private final ClusterState state =
      new ClusterState(
          MasterInfo.newBuilder().setId("m").setIp(0).setPort(5050).build(),
          time,
          Optional.empty());
  private final AgentLife agents = agents();
  private AgentID agent;

  private static final class Time extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("nobody asks for it");
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private AgentLife agents() {
    MasterOptions options = MasterOptions.defaults().withAgentPings(Duration.ofSeconds(1), 3);
    Offers offers = new Offers(state, loop, options);
    AgentRemoval removal = new AgentRemoval(state, offers);
    Maintenance maintenance = new Maintenance(state, options, offers, removal);
    FrameworkLife frameworks = new FrameworkLife(state, loop, options, offers);
    return new AgentLife(state, options, offers, frameworks, maintenance, removal);
  }

  @BeforeEach
  void anAgentRegisters() {
    agents.register(
        AgentInfo.newBuilder().setHostname("agent1.example").build(),
        Resources.of(ResourceFormat.parse("cpus:1")),
        (AgentLink)
            Proxy.newProxyInstance(
                AgentLink.class.getClassLoader(),
                new Class<?>[] {AgentLink.class},
                (link, call, words) -> null),
        List.of(),
        List.of());
    agent = state.agents.keySet().iterator().next();
    agents.checkPings();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void looksFor(Duration duration) {
    Instant end = time.now.plus(duration);
    while (time.now.isBefore(end)) {
      passes(AgentLife.PING_CHECK);
    }
  }

  private void passes(Duration duration) {
    time.now = time.now.plus(duration);
    agents.checkPings();
  }

  @Test
  void anAgentThatIsSilentTooLongIsUnreachable() {
    looksFor(PATIENCE);
    assertThat(state.agents).containsKey(agent);
    passes(AgentLife.PING_CHECK);
    assertThat(state.agents).isEmpty();
    assertThat(state.unreachableAgents).containsKey(agent);
  }

  @Test
  void whileTheMasterWasStoppedNobodyWasSilent() {
    looksFor(Duration.ofSeconds(2));
    passes(Duration.ofHours(1));
    assertThat(state.agents).containsKey(agent);
    // It has what was left of its time, and no more.
    looksFor(Duration.ofMillis(600));
    assertThat(state.agents).containsKey(agent);
    looksFor(Duration.ofMillis(400));
    assertThat(state.unreachableAgents).containsKey(agent);
  }
}
