package org.apache.heron.minicluster.master;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.mesos.v1.Protos.DomainInfo;

/**
 * How a master is started; the names are those of Mesos' flags.
 *
 * @param host to listen on
 * @param port to listen on; 0 takes a free one
 * @param hostname that it tells others
 * @param allocationInterval between two rounds of offers
 * @param offerTimeout after which an unanswered offer is rescinded; empty for never
 * @param agentPingTimeout how long an agent may be silent before a ping counts as missed
 * @param maxAgentPingTimeouts missed pings after which an agent is unreachable
 * @param heartbeatInterval between two HEARTBEAT events
 * @param credentials file of principals and secrets as Mesos' {@code --credentials} takes it; if
 *     present, frameworks must authenticate
 * @param domain the master's fault domain
 * @param leaderElection where masters elect their leader; empty for a master that leads alone
 * @param registry what a new leader knows of agents; empty for nothing ({@code
 *     --registry=in_memory})
 */
public record MasterOptions(
    String host,
    int port,
    String hostname,
    Duration allocationInterval,
    Optional<Duration> offerTimeout,
    Duration agentPingTimeout,
    int maxAgentPingTimeouts,
    Duration heartbeatInterval,
    Optional<Path> credentials,
    Optional<DomainInfo> domain,
    Optional<ZooKeeperPath> leaderElection,
    Optional<Registry> registry) {

  /**
   * A path in ZooKeeper.
   *
   * @param connectString {@code host:port,…}
   * @param path under which the masters' nodes stand, for example {@code /mesos}
   * @param sessionTimeout after which a dead leader's node disappears
   */
  public record ZooKeeperPath(String connectString, String path, Duration sessionTimeout) {}

  /** Mesos' own defaults, on a free port of loopback. */
  public static MasterOptions defaults() {
    return new MasterOptions(
        "127.0.0.1",
        0,
        "127.0.0.1",
        Duration.ofSeconds(1),
        Optional.empty(),
        Duration.ofSeconds(15),
        5,
        Duration.ofSeconds(15),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A fault domain. */
  public static DomainInfo faultDomain(String region, String zone) {
    return DomainInfo.newBuilder()
        .setFaultDomain(
            DomainInfo.FaultDomain.newBuilder()
                .setRegion(DomainInfo.FaultDomain.RegionInfo.newBuilder().setName(region))
                .setZone(DomainInfo.FaultDomain.ZoneInfo.newBuilder().setName(zone)))
        .build();
  }

  /** The same on another port. */
  public MasterOptions withPort(int newPort) {
    return new MasterOptions(
        host,
        newPort,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        leaderElection,
        registry);
  }

  /** The same with another time between two rounds of offers. */
  public MasterOptions withAllocationInterval(Duration interval) {
    return new MasterOptions(
        host,
        port,
        hostname,
        interval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        leaderElection,
        registry);
  }

  /** The same with a time-out of offers. */
  public MasterOptions withOfferTimeout(Duration timeout) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        Optional.of(timeout),
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        leaderElection,
        registry);
  }

  /** The same with another patience for silent agents. */
  public MasterOptions withAgentPings(Duration timeout, int maxTimeouts) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        timeout,
        maxTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        leaderElection,
        registry);
  }

  /** The same with another time between heartbeats. */
  public MasterOptions withHeartbeatInterval(Duration interval) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        interval,
        credentials,
        domain,
        leaderElection,
        registry);
  }

  /** The same, wanting the credentials of that file. */
  public MasterOptions withCredentials(Path file) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        Optional.of(file),
        domain,
        leaderElection,
        registry);
  }

  /** The same in a fault domain. */
  public MasterOptions withDomain(DomainInfo newDomain) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        Optional.of(newDomain),
        leaderElection,
        registry);
  }

  /** The same, electing its leader in ZooKeeper. */
  public MasterOptions withLeaderElection(ZooKeeperPath path) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        Optional.of(path),
        registry);
  }

  /** The same, remembering agents in that registry. */
  public MasterOptions withRegistry(Registry newRegistry) {
    return new MasterOptions(
        host,
        port,
        hostname,
        allocationInterval,
        offerTimeout,
        agentPingTimeout,
        maxAgentPingTimeouts,
        heartbeatInterval,
        credentials,
        domain,
        leaderElection,
        Optional.of(newRegistry));
  }
}
