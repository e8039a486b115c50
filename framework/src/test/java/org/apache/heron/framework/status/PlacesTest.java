package org.apache.heron.framework.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Traits;
import org.junit.jupiter.api.Test;

/** An agent is named by its host, as long as that is enough. */
class PlacesTest {
  private static Places places(Launch... launches) {
    return Places.of(
        new Placement(Arrays.asList(launches), List.of(), Map.of(), Map.of(), 9, false));
  }

  private static Launch launch(String agent, String hostname) {
    return new Launch(
        new AgentId(agent), hostname, new Traits("", "", Map.of()), List.of(), List.of());
  }

  @Test
  void aHostOfOneAgentIsEnough() {
    Places places = places(launch("7f-S1", "h1"), launch("7f-S2", "h2"), launch("7f-S2", "h2"));
    assertThat(places.text("h2", new AgentId("7f-S2"))).isEqualTo("h2");
  }

  @Test
  void ofSeveralAgentsOfOneHostTheIdIsSaid() {
    Places places = places(launch("7f-S1", "h1"), launch("7f-S2", "h1"), launch("7f-S3", "h2"));
    assertThat(places.text("h1", new AgentId("7f-S1"))).isEqualTo("h1 (agent S1)");
    assertThat(places.text("h1", new AgentId("7f-S2"))).isEqualTo("h1 (agent S2)");
    assertThat(places.text("h2", new AgentId("7f-S3"))).isEqualTo("h2");
  }

  @Test
  void whereTheEndsOfIdsAreAlikeTheyAreSaidWhole() {
    Places places = places(launch("7f-S1", "h1"), launch("80-S1", "h1"));
    assertThat(places.text("h1", new AgentId("80-S1"))).isEqualTo("h1 (agent 80-S1)");
  }
}
