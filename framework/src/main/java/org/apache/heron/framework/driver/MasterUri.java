package org.apache.heron.framework.driver;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where masters are to be found: by name, or by asking ZooKeeper who leads. */
public sealed interface MasterUri {
  /** The configuration key that it comes from. */
  String KEY = "heron.mesos.master.uri";

  /**
   * Masters by name.
   *
   * @param endpoints tried in turn; at least one
   */
  record Named(List<Endpoint> endpoints) implements MasterUri {
    /** Copies the endpoints. */
    public Named {
      endpoints = List.copyOf(endpoints);
    }

    @Override
    public String toString() {
      return String.join(",", endpoints.stream().map(Endpoint::toString).toList());
    }
  }

  /**
   * The master that leads, as ZooKeeper has it.
   *
   * @param servers {@code host:port,…}
   * @param path of the masters' nodes, for example {@code /mesos}
   * @param digest {@code user:password} for ZooKeeper; never shown
   */
  record ZooKeeper(String servers, String path, Optional<String> digest) implements MasterUri {
    /** Without the password. */
    @Override
    public String toString() {
      return "zk://" + servers + path;
    }
  }

  /**
   * Reads {@code zk://[user:password@]host:port,…/path}, {@code host:port[,host:port…]} or the
   * latter with {@code http://} or {@code https://} before each.
   *
   * @param tls whether a master without scheme is to be called by https
   * @throws IllegalArgumentException if it is none of these; the message names the value and key
   */
  static MasterUri parse(String text, boolean tls) {
    try {
      String trimmed = text.trim();
      if (trimmed.toLowerCase(Locale.ROOT).startsWith("zk://")) {
        return zooKeeper(trimmed.substring("zk://".length()));
      }
      List<Endpoint> endpoints =
          Stream.of(trimmed.split(",", -1)).map(each -> Endpoint.parse(each, tls)).toList();
      return new Named(endpoints);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          KEY
              + ": "
              + e.getMessage()
              + "; give host:port, host:port,host:port or zk://host:port/path",
          e);
    }
  }

  private static ZooKeeper zooKeeper(String rest) {
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
    int at = authority.lastIndexOf('@');
    Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
    String servers = authority.substring(at + 1);
    if (digest.isPresent() && !digest.get().matches("[^:]+:.+")) {
      throw new IllegalArgumentException(
          "zk://" + servers + path + " has no user:password before @");
    }
    if (!servers.matches("[^,:]+(:\\d{1,5})?(,[^,:]+(:\\d{1,5})?)*")) {
      throw new IllegalArgumentException(
          "the ZooKeeper servers '" + servers + "' are not of the form host:port,host:port");
    }
    if (path.isEmpty() || path.contains("//")) {
      throw new IllegalArgumentException(
          "zk://" + servers + path + " names no path of the masters' nodes, such as /mesos");
    }
    return new ZooKeeper(servers, path, digest);
  }
}
