package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.Map;

/**
 * Settings of heron_internals.yaml that instances heed.
 *
 * @param queueCapacity of an instance, in small tuples
 * @param maxPacketBytes of one message to another container, and so of one tuple
 * @param firstBackOff pause before an instance that threw is made anew; doubles with each failure
 * @param longestBackOff where doubling ends
 * @param acknowledgementBuckets into how many parts the message time-out is divided for looking
 */
public record InstanceSettings(
    int queueCapacity,
    int maxPacketBytes,
    Duration firstBackOff,
    Duration longestBackOff,
    int acknowledgementBuckets) {

  /** Tuples that one entry of upstream's queue, a set of tuples, may well hold. */
  private static final int TUPLES_PER_ENTRY = 64;

  private static final int MEBIBYTE = 1024 * 1024;

  /** Reads the settings; what is missing has upstream's default. */
  public static InstanceSettings from(Map<String, Object> systemConfig) {
    int entries = number(systemConfig, "heron.instance.internal.bolt.read.queue.capacity", 128);
    int packet = number(systemConfig, "heron.streammgr.network.options.maximum.packet.mb", 10);
    int first = number(systemConfig, "heron.instance.restart.backoff.ms", 1000);
    int longest = number(systemConfig, "heron.instance.restart.backoff.max.ms", 60_000);
    return new InstanceSettings(
        Math.max(16, entries * TUPLES_PER_ENTRY),
        Math.min(512, packet) * MEBIBYTE,
        Duration.ofMillis(first),
        Duration.ofMillis(Math.max(first, longest)),
        number(systemConfig, "heron.instance.acknowledgement.nbuckets", 10));
  }

  private static int number(Map<String, Object> config, String key, int fallback) {
    Object value = config.get(key);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value.toString().trim());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          String.format("heron_internals.yaml: %s: %s is not a whole number", key, value), e);
    }
    throw new IllegalArgumentException(
        String.format("heron_internals.yaml: %s: %s is not positive", key, value));
  }
}
