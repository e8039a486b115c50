package org.apache.heron.service.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/** Where a scheduler listens for commands, and how others name that host. */
public final class HttpHost {
  private static final String HOST_KEY = "heron.mesos.scheduler.host";
  private static final String MASTER_KEY = "heron.mesos.master.uri";
  private static final String LOOPBACK = "127.0.0.1";

  private HttpHost() {}

  /**
   * The host: as configured; loopback when master and shared state are on this host, so that
   * nothing of a trial on one machine can be reached from others; else this host's name.
   */
  public static String of(Config config) {
    Optional<String> configured =
        config.optionalString(HOST_KEY).map(String::strip).filter(host -> !host.isEmpty());
    return configured.orElseGet(
        () ->
            isLoopback(config.optionalString(MASTER_KEY).orElse(""))
                    && isLoopback(config.optionalString(Key.STATEMGR_CONNECTION_STRING).orElse(""))
                ? LOOPBACK
                : localName());
  }

  private static String localName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A host that does not know its own name can be reached from itself at least.
      return LOOPBACK;
    }
  }

  /** True if every host in an address like {@code zk://u:p@h1:1,h2:2/path} is this one. */
  static boolean isLoopback(String address) {
    if (address.isBlank() || address.equals("LOCALMODE")) {
      return true;
    }
    String hosts = address.strip().replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
    hosts = hosts.substring(hosts.lastIndexOf('@') + 1);
    List<String> each = Arrays.asList(hosts.split(","));
    return each.stream().map(String::strip).allMatch(HttpHost::isLoopbackHost);
  }

  private static boolean isLoopbackHost(String hostAndPort) {
    String host = hostAndPort.replaceFirst("^[a-z]+://", "").replaceFirst(":\\d+$", "").strip();
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
