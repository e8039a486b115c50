package org.apache.heron.statemgr.tunnel;

import java.time.Duration;
import org.apache.heron.spi.config.Config;

/**
 * The keys of a tunnel.
 *
 * @param host through which ssh goes
 * @param hostKey where that is set, for messages
 * @param origin what sets it
 * @param timeout of one attempt to connect
 * @param attempts to connect directly
 * @param pause between attempts
 * @param verifications attempts to connect through a new tunnel
 */
public record TunnelSettings(
    boolean needed,
    String host,
    String hostKey,
    String origin,
    Duration timeout,
    int attempts,
    Duration pause,
    int verifications) {

  /**
   * As the configuration says.
   *
   * @param use {@code statemgr} or {@code scheduler}, the second word of the keys
   * @throws org.apache.heron.spi.config.ConfigException if a value is malformed
   */
  public static TunnelSettings of(Config config, String use) {
    String prefix = "heron." + use + ".";
    String hostKey = prefix + "tunnel.host";
    boolean needed = config.bool(prefix + "is.tunnel.needed", false);
    String host = config.optionalString(hostKey).orElse("no.tunnel.host.specified").trim();
    if (needed && (host.isEmpty() || host.startsWith("-"))) {
      throw config.malformed(hostKey, host, "the name of a host");
    }
    return new TunnelSettings(
        needed,
        host,
        hostKey,
        config.sourceOf(hostKey),
        Duration.ofMillis(number(config, 1000, prefix + "tunnel.connection.timeout.ms")),
        // Upstream's code and upstream's files spell these two differently.
        number(
            config,
            2,
            prefix + "tunnel.connection.retryCount.count",
            prefix + "tunnel.connection.retry.count"),
        Duration.ofMillis(
            number(
                config,
                1000,
                prefix + "tunnel.retryCount.interval.ms",
                prefix + "tunnel.retry.interval.ms")),
        number(config, 10, prefix + "tunnel.verify.count"));
  }

  private static int number(Config config, int whenUnset, String... spellings) {
    for (String key : spellings) {
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
