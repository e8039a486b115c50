package org.apache.heron.service.http;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/** Where a scheduler listens for commands, and how others name that host. */
public final class HttpHost {
  private static final String HOST_KEY = "heron.mesos.scheduler.host";
  private static final String MASTER_KEY = "heron.mesos.master.uri";
  private static final String LOOPBACK = "127.0.0.1";

  private HttpHost() {}

  /** What must be asked of the operating system. */
  interface Host {
    /** This host's name and the address that it resolves to here. */
    InetAddress own() throws UnknownHostException;

    /** The address of this host from which that one would be spoken to; empty if none is. */
    Optional<InetAddress> towards(String host);
  }

  /**
   * The host: as configured; loopback when master and shared state are on this host, so that
   * nothing of a trial on one machine can be reached from others; else this host's name. If the
   * name resolves to loopback here (Debian's 127.0.1.1), nothing that listens by it could be
   * reached from others: then the address that faces the master or shared state.
   */
  public static String of(Config config) {
    return of(config, new ThisHost());
  }

  static String of(Config config, Host host) {
    Optional<String> configured =
        config.optionalString(HOST_KEY).map(String::strip).filter(text -> !text.isEmpty());
    if (configured.isPresent()) {
      return configured.get();
    }
    List<String> others =
        Stream.of(MASTER_KEY, Key.STATEMGR_CONNECTION_STRING.text())
            .flatMap(key -> config.optionalString(key).stream())
            .filter(address -> !isLoopback(address))
            .flatMap(address -> hosts(address).stream())
            .filter(other -> !isLoopbackHost(other))
            .toList();
    return others.isEmpty() ? LOOPBACK : own(others, host);
  }

  private static String own(List<String> others, Host host) {
    try {
      InetAddress own = host.own();
      if (!own.isLoopbackAddress()) {
        return own.getHostName();
      }
      return others.stream()
          .flatMap(other -> host.towards(other).stream())
          .filter(address -> !address.isLoopbackAddress() && !address.isAnyLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst()
          .orElse(own.getHostName());
    } catch (UnknownHostException e) {
      // A host that does not know its own name can be reached from itself at least.
      return LOOPBACK;
    }
  }

  /** The host that this process runs on. */
  private static final class ThisHost implements Host {
    /** Nothing is sent there: the kernel only chooses a route. */
    private static final int ANY_PORT = 9;

    @Override
    public InetAddress own() throws UnknownHostException {
      return InetAddress.getLocalHost();
    }

    @Override
    public Optional<InetAddress> towards(String host) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(new InetSocketAddress(InetAddress.getByName(host), ANY_PORT));
        return Optional.of(socket.getLocalAddress());
      } catch (SocketException | UnknownHostException | UncheckedIOException e) {
        return Optional.empty();
      }
    }
  }

  /** True if every host in an address like {@code zk://u:p@h1:1,h2:2/path} is this one. */
  static boolean isLoopback(String address) {
    if (address.isBlank() || address.equals("LOCALMODE")) {
      return true;
    }
    return hosts(address).stream().allMatch(HttpHost::isLoopbackHost);
  }

  /** The names, without ports. */
  private static List<String> hosts(String address) {
    String hosts = address.strip().replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
    hosts = hosts.substring(hosts.lastIndexOf('@') + 1);
    return Arrays.stream(hosts.split(","))
        .map(each -> each.strip().replaceFirst("^[a-z]+://", "").replaceFirst(":\\d+$", "").strip())
        .toList();
  }

  private static boolean isLoopbackHost(String host) {
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
