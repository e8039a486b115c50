package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Unavailability;

/** A registered agent. Owned by the master's thread. */
final class Agent {
  private AgentInfo info;
  private AgentLink link;
  private Resources total;
  private boolean connected = true;
  private boolean deactivated;
  private Instant lastHeard;
  private final Instant registered;
  private Optional<Instant> reregistered = Optional.empty();
  private Optional<Unavailability> unavailability = Optional.empty();
  private Optional<DrainInfo> drain = Optional.empty();
  private Optional<Instant> drainStarted = Optional.empty();

  Agent(AgentInfo info, Resources total, AgentLink link, Instant now) {
    this.info = info;
    this.link = link;
    this.total = total;
    this.registered = now;
    this.lastHeard = now;
  }

  AgentID id() {
    return info.getId();
  }

  AgentInfo info() {
    return info;
  }

  AgentLink link() {
    return link;
  }

  /** All that it has, with the reservations that were made on it. */
  Resources total() {
    return total;
  }

  void setTotal(Resources newTotal) {
    total = newTotal;
  }

  void reconnect(AgentInfo newInfo, Resources newTotal, AgentLink newLink, Instant now) {
    total = newTotal;
    info = newInfo;
    link = newLink;
    connected = true;
    lastHeard = now;
    reregistered = Optional.of(now);
  }

  void disconnect() {
    connected = false;
  }

  boolean isConnected() {
    return connected;
  }

  boolean isDeactivated() {
    return deactivated;
  }

  /** True if its resources may be offered. */
  boolean isActive() {
    return connected && !deactivated;
  }

  void deactivate() {
    deactivated = true;
  }

  void reactivate() {
    deactivated = false;
    drain = Optional.empty();
    drainStarted = Optional.empty();
  }

  Optional<DrainInfo> drain() {
    return drain;
  }

  Optional<Instant> drainStarted() {
    return drainStarted;
  }

  void drain(DrainInfo newDrain, Instant now) {
    deactivated = true;
    drain = Optional.of(newDrain);
    if (drainStarted.isEmpty()) {
      drainStarted = Optional.of(now);
    }
  }

  Instant lastHeard() {
    return lastHeard;
  }

  void heard(Instant now) {
    lastHeard = now;
  }

  Instant registered() {
    return registered;
  }

  Optional<Instant> reregistered() {
    return reregistered;
  }

  Optional<Unavailability> unavailability() {
    return unavailability;
  }

  void setUnavailability(Optional<Unavailability> window) {
    unavailability = window;
  }

  boolean hasGpus() {
    return total.list().stream().map(Resource::getName).anyMatch("gpus"::equals);
  }

  /** Where its pages are, as offers say. */
  String pid() {
    return "slave(1)@127.0.0.1:" + info.getPort();
  }
}
