package org.apache.heron.statemgr.zookeeper.curator;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.statemgr.tree.StateTree;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.common.PathUtils;

/**
 * How ZooKeeper is reached, from the configuration.
 *
 * @param servers host:port, separated by commas, perhaps with a path behind the last
 * @param origin which key says so and where it is set, for error messages
 * @param schedulerIsEphemeral whether the scheduler's location ends with its process
 */
record ZooKeeperSettings(
    String servers,
    String origin,
    StateTree tree,
    boolean initializeTree,
    Duration sessionTimeout,
    Duration connectionTimeout,
    int retryCount,
    Duration longestPause,
    boolean schedulerIsEphemeral) {
  private static final String PREFIX = "heron.statemgr.zookeeper.";
  private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

  static ZooKeeperSettings of(Config config) {
    Key servers = Key.STATEMGR_CONNECTION_STRING;
    return new ZooKeeperSettings(
        servers(config),
        servers.text() + ", from " + config.sourceOf(servers),
        new StateTree(root(config)),
        config.bool(PREFIX + "is.initialize.tree", true),
        time(config, "session.timeout.ms", Duration.ofSeconds(30)),
        time(config, "connection.timeout.ms", Duration.ofSeconds(30)),
        retries(config),
        time(config, "retry.interval.ms", Duration.ofSeconds(10)),
        config.bool(Key.SCHEDULER_IS_SERVICE));
  }

  ZooKeeperSettings withServers(String other) {
    return new ZooKeeperSettings(
        other,
        origin,
        tree,
        initializeTree,
        sessionTimeout,
        connectionTimeout,
        retryCount,
        longestPause,
        schedulerIsEphemeral);
  }

  private static String servers(Config config) {
    String text = config.string(Key.STATEMGR_CONNECTION_STRING).replaceAll("\\s+", "");
    if (!isServers(text)) {
      throw config.malformed(
          Key.STATEMGR_CONNECTION_STRING.text(),
          text,
          "ZooKeeper servers as host:port, separated by commas");
    }
    return text;
  }

  /** Checked before connecting: the client would log what is wrong, and try until time is up. */
  private static boolean isServers(String text) {
    if (text.isEmpty() || text.equals("LOCALMODE")) {
      return false;
    }
    try {
      return new ConnectStringParser(text)
          .getServerAddresses().stream()
              .allMatch(server -> !server.getHostString().isEmpty() && server.getPort() > 0);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String root(Config config) {
    String root = new StateTree(config.string(Key.STATEMGR_ROOT_PATH)).root();
    try {
      if (!root.isEmpty()) {
        PathUtils.validatePath(root);
      }
      return root;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          config
                  .malformed(
                      Key.STATEMGR_ROOT_PATH.text(),
                      root,
                      "a ZooKeeper path that begins with '/', such as /heron")
                  .getMessage()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Duration time(Config config, String key, Duration whenUnset) {
    Duration time = config.duration(PREFIX + key, ChronoUnit.MILLIS, whenUnset);
    if (time.isZero() || time.compareTo(LONGEST) > 0) {
      throw config.malformed(
          PREFIX + key, time.toMillis(), "between 1 and " + LONGEST.toMillis() + " milliseconds");
    }
    return time;
  }

  private static int retries(Config config) {
    String key = PREFIX + "retry.count";
    long count = config.number(key, 10);
    if (count < 0 || count > 1000) {
      throw config.malformed(key, count, "between 0 and 1000");
    }
    return (int) count;
  }
}
