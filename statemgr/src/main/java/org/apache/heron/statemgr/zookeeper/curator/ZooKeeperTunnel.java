package org.apache.heron.statemgr.zookeeper.curator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.zookeeper.client.ConnectStringParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches ZooKeeper servers through ssh port forwarding where there is no direct way, if {@code
 * heron.statemgr.is.tunnel.needed} says so. Servers that cannot be reached either way are left out.
 */
final class ZooKeeperTunnel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperTunnel.class);
  private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "::1");

  /** Starts a process; ssh except in tests. */
  interface Launcher {
    Process start(List<String> command) throws IOException;
  }

  private final TunnelSettings settings;
  private final Launcher launcher;
  private final List<Process> processes = new ArrayList<>();
  private final Thread atExit = new Thread(this::destroy, "end-ssh");
  private String servers;

  private ZooKeeperTunnel(TunnelSettings settings, Launcher launcher) {
    this.settings = settings;
    this.launcher = launcher;
  }

  /**
   * Finds or makes a way to each server.
   *
   * @param servers the connection string
   * @throws StateException if a tunnel is needed and no server can be reached
   */
  static ZooKeeperTunnel open(Config config, String servers) {
    return open(TunnelSettings.of(config), servers, ZooKeeperTunnel::ssh);
  }

  static ZooKeeperTunnel open(TunnelSettings settings, String servers, Launcher launcher) {
    ZooKeeperTunnel tunnel = new ZooKeeperTunnel(settings, launcher);
    tunnel.servers = servers;
    if (settings.needed()) {
      Runtime.getRuntime().addShutdownHook(tunnel.atExit);
      try {
        tunnel.servers = tunnel.reachable(servers);
      } catch (RuntimeException e) {
        tunnel.close();
        throw e;
      }
    }
    return tunnel;
  }

  private static Process ssh(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectInput(new java.io.File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The connection string to use instead of the configured one. */
  String servers() {
    return servers;
  }

  private String reachable(String configured) {
    ConnectStringParser parsed = new ConnectStringParser(configured);
    List<String> ways = new ArrayList<>();
    for (InetSocketAddress server : parsed.getServerAddresses()) {
      wayTo(server).ifPresent(ways::add);
    }
    if (ways.isEmpty()) {
      throw new StateException(
          "Failed to connect to tunnel host '%s' (heron.statemgr.tunnel.host, from %s): none of %s"
                  .formatted(settings.host(), settings.origin(), configured)
              + " can be reached directly or through it");
    }
    return String.join(",", ways) + Optional.ofNullable(parsed.getChrootPath()).orElse("");
  }

  private Optional<String> wayTo(InetSocketAddress server) {
    String host = server.getHostString();
    if (answers(host, server.getPort(), settings.attempts(), null)) {
      return Optional.of(endpoint(host, server.getPort()));
    }
    if (THIS_HOST.contains(host)) {
      LOG.warn("ZooKeeper at {}:{} does not answer", host, server.getPort());
      return Optional.empty();
    }
    try {
      return throughSsh(host, server.getPort());
    } catch (IOException e) {
      LOG.warn("no ssh tunnel to {}:{}: {}", host, server.getPort(), e.getMessage());
      return Optional.empty();
    }
  }

  private static String endpoint(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private Optional<String> throughSsh(String host, int port) throws IOException {
    int localPort = freePort();
    Process ssh =
        launcher.start(
            List.of("ssh", "-NL%d:%s".formatted(localPort, endpoint(host, port)), settings.host()));
    synchronized (processes) {
      processes.add(ssh);
    }
    if (answers("127.0.0.1", localPort, settings.verifications(), ssh)) {
      LOG.info("ZooKeeper at {}:{} is reached through {}", host, port, settings.host());
      return Optional.of("127.0.0.1:" + localPort);
    }
    ssh.destroy();
    return Optional.empty();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Whether somebody accepts connections there.
   *
   * @param carrier the process without which waiting is in vain; null if there is none
   */
  private boolean answers(String host, int port, int attempts, Process carrier) {
    for (int attempt = 1; attempt <= attempts; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), (int) settings.timeout().toMillis());
        return true;
      } catch (IOException e) {
        LOG.debug("{}:{}: {}", host, port, e.getMessage());
      }
      if (attempt == attempts || !mayGoOn(carrier)) {
        return false;
      }
    }
    return false;
  }

  /** Waits before the next attempt; at once false if the carrier has ended. */
  private boolean mayGoOn(Process carrier) {
    long millis = settings.pause().toMillis();
    try {
      if (carrier != null) {
        return !carrier.waitFor(millis, TimeUnit.MILLISECONDS);
      }
      TimeUnit.MILLISECONDS.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StateException("interrupted while looking for a way to ZooKeeper", e);
    }
  }

  private void destroy() {
    synchronized (processes) {
      processes.forEach(Process::destroy);
      processes.clear();
    }
  }

  @Override
  public void close() {
    destroy();
    if (settings.needed()) {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        LOG.trace("the process is ending already");
      }
    }
  }

  /**
   * The keys of the tunnel.
   *
   * @param origin where the host is set
   * @param attempts to connect directly
   * @param pause between attempts
   * @param verifications attempts to connect through a new tunnel
   */
  record TunnelSettings(
      boolean needed,
      String host,
      String origin,
      Duration timeout,
      int attempts,
      Duration pause,
      int verifications) {
    private static final String PREFIX = "heron.statemgr.";
    private static final String HOST = PREFIX + "tunnel.host";

    static TunnelSettings of(Config config) {
      boolean needed = config.bool(PREFIX + "is.tunnel.needed", false);
      String host = config.optionalString(HOST).orElse("no.tunnel.host.specified").trim();
      if (needed && (host.isEmpty() || host.startsWith("-"))) {
        throw config.malformed(HOST, host, "the name of a host");
      }
      return new TunnelSettings(
          needed,
          host,
          config.sourceOf(HOST),
          Duration.ofMillis(number(config, 1000, "tunnel.connection.timeout.ms")),
          // Upstream's code and upstream's files spell these two differently.
          number(config, 2, "tunnel.connection.retryCount.count", "tunnel.connection.retry.count"),
          Duration.ofMillis(
              number(config, 1000, "tunnel.retryCount.interval.ms", "tunnel.retry.interval.ms")),
          number(config, 10, "tunnel.verify.count"));
    }

    private static int number(Config config, int whenUnset, String... spellings) {
      for (String spelling : spellings) {
        String key = PREFIX + spelling;
        if (config.get(key).isPresent()) {
          long number = config.number(key, whenUnset);
          if (number < 1 || number > 600_000) {
            throw config.malformed(key, number, "between 1 and 600000");
          }
          return (int) number;
        }
      }
      return whenUnset;
    }
  }
}
