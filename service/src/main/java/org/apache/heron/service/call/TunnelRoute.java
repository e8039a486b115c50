package org.apache.heron.service.call;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.heron.spi.config.Config;
import org.apache.heron.statemgr.tunnel.SshTunnel;
import org.apache.heron.statemgr.tunnel.TunnelSettings;

/**
 * Straight where that is possible, otherwise through one process of ssh that is a SOCKS proxy, if
 * {@code heron.scheduler.is.tunnel.needed} says so. What was found out of a process is not asked
 * again. Thread-safe.
 */
public final class TunnelRoute implements Route, AutoCloseable {
  private final TunnelSettings settings;
  private final SshTunnel tunnel;
  private final Map<String, Proxy> known = new HashMap<>();
  private Proxy socks;

  /** As the configuration says; nothing is started yet. */
  public TunnelRoute(Config config) {
    this(TunnelSettings.of(config, "scheduler"));
  }

  private TunnelRoute(TunnelSettings settings) {
    this(settings, new SshTunnel(settings));
  }

  TunnelRoute(TunnelSettings settings, SshTunnel tunnel) {
    this.settings = settings;
    this.tunnel = tunnel;
  }

  @Override
  public synchronized Proxy to(String host, int port) throws IOException {
    if (!settings.needed()) {
      return Proxy.NO_PROXY;
    }
    String endpoint = SshTunnel.endpoint(host, port);
    Proxy proxy = known.get(endpoint);
    if (proxy == null) {
      try {
        proxy = find(host, port);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while looking for a way to " + endpoint);
      }
      known.put(endpoint, proxy);
    }
    return proxy;
  }

  private Proxy find(String host, int port) throws IOException, InterruptedException {
    if (tunnel.isDirect(host, port)) {
      return Proxy.NO_PROXY;
    }
    if (SshTunnel.isThisHost(host)) {
      throw new ConnectException("nothing on this host listens on port " + port);
    }
    if (socks == null) {
      OptionalInt local = tunnel.socks();
      if (local.isEmpty()) {
        throw new IOException(
            "it cannot be reached directly, nor by ssh through '%s' (%s, from %s)%s"
                .formatted(
                    settings.host(), settings.hostKey(), settings.origin(), tunnel.reason()));
      }
      socks = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", local.getAsInt()));
    }
    return socks;
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
