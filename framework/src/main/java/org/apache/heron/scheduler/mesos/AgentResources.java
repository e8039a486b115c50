package org.apache.heron.scheduler.mesos;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value.Range;
import org.apache.mesos.v1.master.Protos.Response;

/** Whether agents have what a container needs, ports above all. Pure. */
final class AgentResources {
  private static final String AGENTS = "agents";
  private static final String PORTS = "ports";

  private AgentResources() {}

  /**
   * Judges them.
   *
   * @param roles whose reservations count, besides what is not reserved
   */
  static void judge(Response.GetAgents agents, List<String> roles, Consumer<Finding> findings) {
    List<Response.GetAgents.Agent> active =
        agents.getAgentsList().stream().filter(Response.GetAgents.Agent::getActive).toList();
    if (active.isEmpty()) {
      findings.accept(
          Finding.failed(
              AGENTS,
              agents.getAgentsCount() == 0
                  ? "no agent is registered"
                  : "none of " + agents.getAgentsCount() + " agents is active",
              "start agents that name this master (mesos-agent --master=…)"));
      return;
    }
    Set<String> usable = Set.copyOf(roles);
    double cpus = 0;
    double mem = 0;
    int withPorts = 0;
    for (Response.GetAgents.Agent agent : active) {
      long ports = 0;
      for (Resource resource : agent.getTotalResourcesList()) {
        if (isUsable(resource, usable)) {
          cpus += scalar(resource, "cpus");
          mem += scalar(resource, "mem");
          ports += ports(resource);
        }
      }
      withPorts += ports >= ExecutorPort.values().length ? 1 : 0;
    }
    findings.accept(
        Finding.ok(
            AGENTS,
            String.format(
                Locale.ROOT,
                "%d active, with %.1f cpus and %.0f MB mem for roles %s",
                active.size(),
                cpus,
                mem,
                String.join(",", roles))));
    findings.accept(ports(active.size(), withPorts));
  }

  private static Finding ports(int agents, int withPorts) {
    int needed = ExecutorPort.values().length;
    String text =
        withPorts
            + " of "
            + agents
            + " agents have the "
            + needed
            + " ports that a container needs";
    String remedy = "start agents with --resources='ports:[31000-32000]' or a like range";
    if (withPorts == 0) {
      return Finding.failed(PORTS, text, remedy);
    }
    return withPorts < agents ? Finding.warning(PORTS, text, remedy) : Finding.ok(PORTS, text);
  }

  /**
   * Not reserved, or for a role that is ours or above one of ours: Mesos offers what is reserved
   * for {@code eng} to {@code eng/heron}, too (its document roles, "Hierarchical Roles").
   */
  private static boolean isUsable(Resource resource, Set<String> roles) {
    int reservations = resource.getReservationsCount();
    if (reservations == 0) {
      return true;
    }
    String reserved = resource.getReservations(reservations - 1).getRole();
    return roles.stream().anyMatch(r -> r.equals(reserved) || r.startsWith(reserved + "/"));
  }

  private static double scalar(Resource resource, String name) {
    return resource.getName().equals(name) ? resource.getScalar().getValue() : 0;
  }

  private static long ports(Resource resource) {
    long count = 0;
    if (resource.getName().equals("ports")) {
      for (Range range : resource.getRanges().getRangeList()) {
        count += range.getEnd() - range.getBegin() + 1;
      }
    }
    return count;
  }
}
