package org.apache.heron.statemgr.zookeeper.curator;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.tunnel.SshTunnel;
import org.apache.heron.statemgr.tunnel.TunnelSettings;
import org.apache.zookeeper.client.ConnectStringParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches ZooKeeper servers through ssh port forwarding where there is no direct way, if {@code
 * heron.statemgr.is.tunnel.needed} says so. Servers that cannot be reached either way are left out.
 */
final class ZooKeeperTunnel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperTunnel.class);

  private final TunnelSettings settings;
  private final SshTunnel tunnel;
  private String servers;

  private ZooKeeperTunnel(TunnelSettings settings, SshTunnel tunnel, String servers) {
    this.settings = settings;
    this.tunnel = tunnel;
    this.servers = servers;
  }

  /**
   * Finds or makes a way to each server.
   *
   * @param servers the connection string
   * @throws StateException if a tunnel is needed and no server can be reached
   */
  static ZooKeeperTunnel open(Config config, String servers) {
    TunnelSettings settings = TunnelSettings.of(config, "statemgr");
    return open(settings, servers, new SshTunnel(settings));
  }

  static ZooKeeperTunnel open(TunnelSettings settings, String servers, SshTunnel ssh) {
    ZooKeeperTunnel tunnel = new ZooKeeperTunnel(settings, ssh, servers);
    if (settings.needed()) {
      try {
        tunnel.servers = tunnel.reachable(servers);
      } catch (InterruptedException e) {
        tunnel.close();
        Thread.currentThread().interrupt();
        throw new StateException("interrupted while looking for a way to ZooKeeper", e);
      } catch (RuntimeException e) {
        tunnel.close();
        throw e;
      }
    }
    return tunnel;
  }

  /** The connection string to use instead of the configured one. */
  String servers() {
    return servers;
  }

  private String reachable(String configured) throws InterruptedException {
    ConnectStringParser parsed = new ConnectStringParser(configured);
    List<String> ways = new ArrayList<>();
    for (InetSocketAddress server : parsed.getServerAddresses()) {
      wayTo(server).ifPresent(ways::add);
    }
    if (ways.isEmpty()) {
      throw new StateException(
          "Failed to connect to tunnel host '%s' (%s, from %s): none of %s"
                  .formatted(settings.host(), settings.hostKey(), settings.origin(), configured)
              + " can be reached directly or through it"
              + tunnel.reason());
    }
    return String.join(",", ways) + Optional.ofNullable(parsed.getChrootPath()).orElse("");
  }

  private Optional<String> wayTo(InetSocketAddress server) throws InterruptedException {
    String host = server.getHostString();
    if (tunnel.isDirect(host, server.getPort())) {
      return Optional.of(SshTunnel.endpoint(host, server.getPort()));
    }
    if (SshTunnel.isThisHost(host)) {
      LOG.warn("ZooKeeper at {}:{} does not answer", host, server.getPort());
      return Optional.empty();
    }
    OptionalInt port = tunnel.forward(host, server.getPort());
    if (port.isEmpty()) {
      return Optional.empty();
    }
    LOG.info("ZooKeeper at {}:{} is reached through {}", host, server.getPort(), settings.host());
    return Optional.of("127.0.0.1:" + port.getAsInt());
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
