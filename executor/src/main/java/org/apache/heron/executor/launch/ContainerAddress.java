package org.apache.heron.executor.launch;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Under which name other containers, the command line and the web page reach this container, and
 * which address its servers bind.
 *
 * <p>The host is, in this order: {@code HERON_BIND_HOST} in the environment, or {@code
 * heron.executor.bind.host} in the configuration; loopback if shared state is reached by loopback
 * only, because then everything is on this host; upstream's rules (in Kubernetes, told by {@code
 * POD_NAME}, the full name; in Docker, told by {@code /.dockerenv}, {@code HOST} if set; else the
 * host's name); if that does not resolve, or only to loopback (Debian's 127.0.1.1), the address
 * that a Mesos agent gives its tasks ({@code LIBPROCESS_IP}, {@code MESOS_AGENT_ENDPOINT}); the
 * name, for others may resolve it better; loopback.
 *
 * <p>Bound is the host's address; the wildcard if that is no address of this network namespace
 * (Docker's bridge), if the name is to be resolved by others, or if the wildcard was asked for.
 *
 * @param host to advertise
 * @param bind to listen on
 */
record ContainerAddress(String host, InetAddress bind) {
  static final String BIND_VARIABLE = "HERON_BIND_HOST";
  static final String BIND_KEY = "heron.executor.bind.host";
  private static final String LOOPBACK = "127.0.0.1";

  /** What must be asked of the operating system. */
  interface Host {
    /** The host's name. */
    String name();

    /** The host's full name. */
    String fullName();

    /** True inside a Docker container. */
    boolean isDocker();

    /** The address of a name or literal; empty if it does not resolve. */
    Optional<InetAddress> resolve(String name);

    /** True if a server here can bind that address. */
    boolean isLocal(InetAddress address);

    /** All addresses of this host. */
    InetAddress wildcard();
  }

  /**
   * @param configured value of {@value #BIND_KEY}
   * @param stateConnection connection string of shared state
   */
  static ContainerAddress choose(
      Map<String, String> environment,
      Optional<String> configured,
      String stateConnection,
      Host host) {
    Optional<String> wanted =
        Optional.ofNullable(environment.get(BIND_VARIABLE))
            .filter(text -> !text.isBlank())
            .or(() -> configured);
    if (wanted.isPresent()) {
      InetAddress bind =
          host.resolve(wanted.get())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          BIND_VARIABLE
                              + " or "
                              + BIND_KEY
                              + " is '"
                              + wanted.get()
                              + "', which does not resolve to an address"));
      return bind.isAnyLocalAddress()
          ? new ContainerAddress(advertised(environment, host), bind)
          : new ContainerAddress(wanted.get(), bind);
    }
    String name = isLoopbackOnly(stateConnection, host) ? LOOPBACK : advertised(environment, host);
    InetAddress address = host.resolve(name).orElseThrow();
    boolean bound =
        host.isLocal(address) && (!address.isLoopbackAddress() || name.equals(LOOPBACK));
    return new ContainerAddress(name, bound ? address : host.wildcard());
  }

  private static String advertised(Map<String, String> environment, Host host) {
    String name;
    if (environment.containsKey("POD_NAME")) {
      name = host.fullName();
    } else if (host.isDocker() && !environment.getOrDefault("HOST", "").isBlank()) {
      name = environment.get("HOST");
    } else {
      name = host.name();
    }
    List<String> others =
        List.of(
            environment.getOrDefault("LIBPROCESS_IP", ""),
            hostOf(environment.getOrDefault("MESOS_AGENT_ENDPOINT", "")));
    if (isReachable(name, host)) {
      return name;
    }
    return others.stream()
        .filter(other -> isReachable(other, host))
        .findFirst()
        .orElse(!name.isBlank() && host.resolve(name).isPresent() ? name : LOOPBACK);
  }

  /** True unless what the name resolves to is certainly nothing that other hosts can reach. */
  private static boolean isReachable(String name, Host host) {
    return !name.isBlank()
        && host.resolve(name)
            .filter(address -> !address.isAnyLocalAddress() && !address.isLoopbackAddress())
            .isPresent();
  }

  private static boolean isLoopbackOnly(String stateConnection, Host host) {
    if (stateConnection.equals("LOCALMODE")) {
      return true;
    }
    int chroot = stateConnection.indexOf('/');
    String endpoints = chroot < 0 ? stateConnection : stateConnection.substring(0, chroot);
    return Arrays.stream(endpoints.split(","))
        .map(endpoint -> hostOf(endpoint.strip()))
        .allMatch(name -> host.resolve(name).filter(InetAddress::isLoopbackAddress).isPresent());
  }

  private static String hostOf(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String host = colon < 0 ? endpoint : endpoint.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
