package org.apache.heron.framework.driver;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a master listens. Immutable.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Endpoint(boolean tls, String host, int port) {
  /** Mesos' default port of a master. */
  static final int DEFAULT_PORT = 5050;

  /** Checks the port. */
  public Endpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("a master without a host");
    }
    if (!isOfAnAddress(host)) {
      throw new IllegalArgumentException(
          "the host '"
              + host
              + "' cannot be called: an address of the web has letters, digits, '-' and '.', but no"
              + " '_'; use another name of that host, or its number");
    }
  }

  // Java's client takes no other, and fails only when it is to call one.
  private static boolean isOfAnAddress(String host) {
    try {
      return new URI("http://" + bracketed(host)).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /**
   * Reads {@code [http://|https://]host[:port][/]}.
   *
   * @param tls what is meant when no scheme is given
   * @throws IllegalArgumentException if it is not of this form; the message names what is wrong
   */
  static Endpoint parse(String text, boolean tls) {
    String rest = text.trim();
    boolean secure = tls;
    String lower = rest.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://")) {
      secure = false;
      rest = rest.substring("http://".length());
    } else if (lower.startsWith("https://")) {
      secure = true;
      rest = rest.substring("https://".length());
    } else if (rest.contains("://")) {
      throw new IllegalArgumentException(
          "'" + text + "' has an unknown scheme: use zk://, http://, https:// or host:port");
    }
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    return authority(rest, secure)
        .orElseThrow(
            () ->
                new IllegalArgumentException("'" + text.trim() + "' is not of the form host:port"));
  }

  /**
   * Reads the target of a redirect, which Mesos gives without scheme ({@code
   * //127.0.0.1:6050/master/api/v1/scheduler}, recording zookeeper-leader).
   *
   * @return empty if there is no host and port in it
   */
  Optional<Endpoint> redirectedTo(String location) {
    try {
      URI target = URI.create(location);
      boolean secure =
          target.getScheme() == null ? tls : target.getScheme().equalsIgnoreCase("https");
      return Optional.ofNullable(target.getRawAuthority())
          .flatMap(authority -> authority(authority, secure));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Endpoint> authority(String text, boolean tls) {
    if (text.isEmpty() || !text.matches("[A-Za-z0-9._:\\[\\]%-]+")) {
      return Optional.empty();
    }
    String host = text;
    int port = DEFAULT_PORT;
    int colon = text.lastIndexOf(':');
    if (colon > text.lastIndexOf(']')) {
      host = text.substring(0, colon);
      try {
        port = Integer.parseInt(text.substring(colon + 1));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      return Optional.empty();
    }
    if (host.isEmpty() || port < 1 || port > 65_535) {
      return Optional.empty();
    }
    return Optional.of(new Endpoint(tls, host, port));
  }

  /** The address of the scheduler API. */
  URI schedulerApi() {
    return URI.create((tls ? "https://" : "http://") + this + "/api/v1/scheduler");
  }

  /** The address of the operator API. */
  URI operatorApi() {
    return URI.create((tls ? "https://" : "http://") + this + "/api/v1");
  }

  /** {@code host:port}. */
  @Override
  public String toString() {
    return bracketed(host) + ":" + port;
  }
}
