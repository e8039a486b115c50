package org.apache.heron.framework.status;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Placement;

/** Names agents for people: by their host and, where several agents share one, by their id. */
final class Places {
  private final Map<String, Set<AgentId>> agents = new HashMap<>();

  private Places() {}

  /** Of all tasks that are on record. */
  static Places of(State state) {
    Places places = new Places();
    state.containers().stream()
        .map(Container::task)
        .flatMap(Optional::stream)
        .forEach(task -> places.add(task.hostname(), task.agent()));
    return places;
  }

  /** Of all that would be launched. */
  static Places of(Placement placement) {
    Places places = new Places();
    for (Launch launch : placement.launches()) {
      places.add(launch.hostname(), launch.agent());
    }
    return places;
  }

  private void add(String hostname, AgentId agent) {
    agents.computeIfAbsent(hostname, host -> new HashSet<>()).add(agent);
  }

  /** {@code host} or {@code host (agent S3)}; the whole id if another's ends the same. */
  String text(String hostname, AgentId agent) {
    Set<AgentId> there = agents.getOrDefault(hostname, Set.of());
    if (there.size() < 2) {
      return hostname;
    }
    long alike = there.stream().filter(each -> each.shortForm().equals(agent.shortForm())).count();
    return hostname + " (agent " + (alike > 1 ? agent.value() : agent.shortForm()) + ")";
  }
}
