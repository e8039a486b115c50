package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentID;

/**
 * What masters remember of agents beyond the life of one master: Mesos' replicated log. A master
 * that begins to lead with it says nothing of tasks on agents that have not come back to it yet,
 * where one without it takes them for unknown. Thread-safe.
 */
public final class Registry {
  private final Duration agentReregisterTimeout;
  private final Set<AgentID> admitted = new LinkedHashSet<>();
  private final Map<AgentID, Long> unreachable = new LinkedHashMap<>();
  private final Map<AgentID, Instant> gone = new LinkedHashMap<>();

  /**
   * An empty one.
   *
   * @param agentReregisterTimeout how long a new leader waits for an agent of the one before, until
   *     it takes it for unreachable; ten minutes in Mesos
   */
  public Registry(Duration agentReregisterTimeout) {
    this.agentReregisterTimeout = agentReregisterTimeout;
  }

  Duration agentReregisterTimeout() {
    return agentReregisterTimeout;
  }

  synchronized void admit(AgentID id) {
    unreachable.remove(id);
    admitted.add(id);
  }

  synchronized void unreachable(AgentID id, long sinceNanoseconds) {
    admitted.remove(id);
    unreachable.put(id, sinceNanoseconds);
  }

  synchronized void gone(AgentID id, Instant when) {
    remove(id);
    gone.put(id, when);
  }

  synchronized void remove(AgentID id) {
    admitted.remove(id);
    unreachable.remove(id);
  }

  synchronized Set<AgentID> admitted() {
    return Set.copyOf(admitted);
  }

  synchronized Map<AgentID, Long> unreachable() {
    return new LinkedHashMap<>(unreachable);
  }

  synchronized Map<AgentID, Instant> gone() {
    return new LinkedHashMap<>(gone);
  }
}
