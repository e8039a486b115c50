package org.apache.heron.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the agents of an embedded cluster offer. */
class AgentShapeTest {
  private static final Pattern PORTS = Pattern.compile("ports:\\[(\\d+)-(\\d+)]");

  // They are all on one host: a container on each would listen on the same port.
  @Test
  void noTwoAgentsOfferTheSamePort() throws Exception {
    ClusterShape shape = CommandLine.populateCommand(new ClusterShape(), "--agents=30");
    List<AgentShape> agents = AgentShape.of(shape);
    assertThat(agents).hasSize(30);
    Set<Integer> offered = new HashSet<>();
    for (AgentShape agent : agents) {
      Matcher ports = PORTS.matcher(agent.resources());
      assertThat(ports.find()).as(agent.resources()).isTrue();
      int first = Integer.parseInt(ports.group(1));
      int last = Integer.parseInt(ports.group(2));
      assertThat(last - first).isEqualTo(199);
      for (int port = first; port <= last; port++) {
        assertThat(offered.add(port)).as("port %d is offered once", port).isTrue();
      }
    }
  }
}
