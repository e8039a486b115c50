package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * An agent of an embedded cluster, as it must be again when the cluster is brought back: its tasks
 * hold ports of it.
 *
 * @param resources as Mesos writes them
 * @param attributes as Mesos writes them
 */
record AgentShape(String resources, String attributes) {
  private static final int PORTS = 200;

  /**
   * The agents of a new cluster, each with ports of its own that are free now, in a rack of its
   * own.
   *
   * @throws IOException if there are not enough free ports
   */
  static List<AgentShape> of(ClusterShape shape) throws IOException {
    List<PortBlock> ports = PortBlock.find(shape.agents, PORTS, new Random());
    List<AgentShape> agents = new ArrayList<>();
    for (int i = 0; i < shape.agents; i++) {
      String resources =
          String.format(
              Locale.ROOT,
              "cpus:%s;mem:%d;disk:%d;%s",
              shape.cpus,
              shape.memMb,
              shape.diskMb,
              ports.get(i).asResource());
      agents.add(new AgentShape(resources, "rack:r" + (i + 1)));
    }
    return agents;
  }
}
