package org.apache.heron.minicluster.master;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.maintenance.Protos.Schedule;

/** All that a master knows. Owned by the master's thread. */
final class ClusterState {
  /** Mesos' defaults of --max_completed_frameworks and --registry_max_agent_count. */
  private static final int MAX_COMPLETED_FRAMEWORKS = 50;

  private static final int MAX_AGENTS_AWAY = 102_400;

  final MasterInfo master;
  final Clock clock;
  final Map<FrameworkID, Framework> frameworks = new LinkedHashMap<>();
  final Deque<Framework> completedFrameworks = new ArrayDeque<>();
  final Map<AgentID, Agent> agents = new LinkedHashMap<>();

  /** Those that the master before knew and that have not come back to this one yet. */
  final Set<AgentID> recoveredAgents = new LinkedHashSet<>();

  final Map<AgentID, UnreachableAgent> unreachableAgents = new LinkedHashMap<>();
  final Set<AgentID> askedToReturn = new HashSet<>();
  final Map<AgentID, Instant> goneAgents = new LinkedHashMap<>();
  final Map<AgentID, Map<TaskID, KillPolicy>> missedKills = new HashMap<>();
  final Map<OfferID, Offer> offers = new LinkedHashMap<>();
  final Map<OfferID, InverseOffer> inverseOffers = new LinkedHashMap<>();
  final Set<MachineID> downMachines = new LinkedHashSet<>();
  Schedule schedule = Schedule.getDefaultInstance();
  private final Optional<Registry> registry;
  private Instant recoveredSince = Instant.MIN;
  private int nextFramework;
  private int nextAgent;
  private int nextOffer;

  /** An agent that was silent too long; without link if only the master before knew it. */
  record UnreachableAgent(Optional<AgentLink> link, long sinceNanoseconds) {}

  ClusterState(MasterInfo master, Clock clock, Optional<Registry> registry) {
    this.master = master;
    this.clock = clock;
    this.registry = registry;
  }

  /** Begins to lead with what is on record of the time before. */
  void recover() {
    registry.ifPresent(
        record -> {
          recoveredSince = now();
          recoveredAgents.addAll(record.admitted());
          record
              .unreachable()
              .forEach(
                  (id, since) ->
                      unreachableAgents.put(id, new UnreachableAgent(Optional.empty(), since)));
          goneAgents.putAll(record.gone());
        });
  }

  /** Agents of the master before that have not come in time are taken for unreachable. */
  void giveUpRecovered() {
    if (recoveredAgents.isEmpty() || registry.isEmpty()) {
      return;
    }
    if (recoveredSince.plus(registry.get().agentReregisterTimeout()).isBefore(now())) {
      long since = nanoseconds(now());
      for (AgentID id : List.copyOf(recoveredAgents)) {
        rememberUnreachable(id, new UnreachableAgent(Optional.empty(), since));
      }
      recoveredAgents.clear();
    }
  }

  /** So much of the time since agents were heard, or waited for, is not held against them. */
  void excuse(Duration pause) {
    Instant now = now();
    agents.values().forEach(agent -> agent.heard(earlier(agent.lastHeard().plus(pause), now)));
    recoveredSince = earlier(recoveredSince.plus(pause), now);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** An agent is registered, anew or again. */
  void admit(AgentID id) {
    recoveredAgents.remove(id);
    unreachableAgents.remove(id);
    askedToReturn.remove(id);
    registry.ifPresent(record -> record.admit(id));
  }

  /** An agent has left. */
  void removed(AgentID id) {
    agents.remove(id);
    registry.ifPresent(record -> record.remove(id));
  }

  Instant now() {
    return clock.instant();
  }

  FrameworkID newFrameworkId() {
    return FrameworkID.newBuilder()
        .setValue("%s-%04d".formatted(master.getId(), nextFramework++))
        .build();
  }

  AgentID newAgentId() {
    return AgentID.newBuilder().setValue(master.getId() + "-S" + nextAgent++).build();
  }

  OfferID newOfferId() {
    return OfferID.newBuilder().setValue(master.getId() + "-O" + nextOffer++).build();
  }

  Optional<Framework> framework(FrameworkID id) {
    return Optional.ofNullable(frameworks.get(id));
  }

  Optional<Agent> agent(AgentID id) {
    return Optional.ofNullable(agents.get(id));
  }

  Optional<Task> task(FrameworkID framework, TaskID task) {
    return framework(framework).map(f -> f.tasks().get(task));
  }

  /** Remembers an agent that is silent; of very many the eldest are forgotten. */
  void rememberUnreachable(AgentID id, UnreachableAgent agent) {
    unreachableAgents.put(id, agent);
    registry.ifPresent(record -> record.unreachable(id, agent.sinceNanoseconds()));
    if (unreachableAgents.size() > MAX_AGENTS_AWAY) {
      forgetAway(unreachableAgents.keySet().iterator().next());
    }
  }

  /** Remembers an agent that never comes back; of very many the eldest are forgotten. */
  void rememberGone(AgentID id) {
    forgetAway(id);
    goneAgents.put(id, now());
    registry.ifPresent(record -> record.gone(id, now()));
    if (goneAgents.size() > MAX_AGENTS_AWAY) {
      goneAgents.remove(goneAgents.keySet().iterator().next());
    }
  }

  private void forgetAway(AgentID id) {
    recoveredAgents.remove(id);
    unreachableAgents.remove(id);
    askedToReturn.remove(id);
    missedKills.remove(id);
  }

  boolean isCompleted(FrameworkID id) {
    return completedFrameworks.stream().anyMatch(f -> f.id().equals(id));
  }

  void complete(Framework framework) {
    frameworks.remove(framework.id());
    completedFrameworks.addLast(framework);
    if (completedFrameworks.size() > MAX_COMPLETED_FRAMEWORKS) {
      completedFrameworks.removeFirst();
    }
  }

  /** The tasks that the master knows on an agent. */
  List<Task> tasksOn(AgentID agent) {
    return frameworks.values().stream()
        .flatMap(f -> f.tasks().values().stream())
        .filter(task -> task.agent().equals(agent))
        .toList();
  }

  List<Offer> offersOf(AgentID agent) {
    return offers.values().stream().filter(o -> o.getAgentId().equals(agent)).toList();
  }

  List<Offer> offersTo(FrameworkID framework) {
    return offers.values().stream().filter(o -> o.getFrameworkId().equals(framework)).toList();
  }

  /** What tasks hold on an agent. */
  Resources used(AgentID agent) {
    Resources used = Resources.NONE;
    for (Task task : tasksOn(agent)) {
      if (task.holdsResources()) {
        used = used.plus(task.resources());
      }
    }
    return used;
  }

  /** What is on offer of an agent. */
  Resources offered(AgentID agent) {
    Resources offered = Resources.NONE;
    for (Offer offer : offersOf(agent)) {
      offered = offered.plus(Resources.of(offer.getResourcesList()));
    }
    return offered;
  }

  /** What nobody holds and nobody is offered. */
  Resources available(Agent agent) {
    return agent
        .total()
        .minus(used(agent.id()).unallocated())
        .minus(offered(agent.id()).unallocated());
  }

  /** A deposed leader knows nothing any more. */
  void forgetAll() {
    frameworks.values().forEach(Framework::stopFailoverTimer);
    frameworks.clear();
    completedFrameworks.clear();
    agents.clear();
    recoveredAgents.clear();
    unreachableAgents.clear();
    askedToReturn.clear();
    goneAgents.clear();
    missedKills.clear();
    offers.clear();
    inverseOffers.clear();
    downMachines.clear();
    schedule = Schedule.getDefaultInstance();
  }

  static long nanoseconds(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }
}
