package org.apache.heron.executor.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.heron.api.Config;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * The configuration that a component sees: the topology's, overridden by its own. Values set
 * through heron-api's typed setters are strings; others are whatever the user put in.
 */
public final class ComponentConfig {

  /** What topologies set before there were reliability modes. */
  private static final String LEGACY_ACKING = "topology.acking";

  private static final int DEFAULT_TIMEOUT_SECONDS = 30;

  /** What the key of a value ends with that was set while the topology runs, as upstream's does. */
  public static final String RUNTIME_POSTFIX = ":runtime";

  private final Map<String, Object> values;

  private ComponentConfig(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads the configuration of a component.
   *
   * @throws IllegalArgumentException if a serialized value cannot be read
   */
  public static ComponentConfig of(Topology topology, String component, UserObjects objects) {
    Map<String, Object> merged = new HashMap<>();
    putAll(merged, topology.getTopologyConfig(), objects);
    topology.getSpoutsList().stream()
        .map(spout -> spout.getComp())
        .filter(comp -> comp.getName().equals(component))
        .forEach(comp -> putAll(merged, comp.getConfig(), objects));
    topology.getBoltsList().stream()
        .map(bolt -> bolt.getComp())
        .filter(comp -> comp.getName().equals(component))
        .forEach(comp -> putAll(merged, comp.getConfig(), objects));
    return new ComponentConfig(merged);
  }

  private static void putAll(
      Map<String, Object> target,
      org.apache.heron.proto.api.TopologyAPI.Config config,
      UserObjects objects) {
    for (org.apache.heron.proto.api.TopologyAPI.Config.KeyValue pair : config.getKvsList()) {
      if (pair.hasSerializedValue()) {
        target.put(
            pair.getKey(),
            objects.deserialize(
                pair.getSerializedValue().toByteArray(), "configuration " + pair.getKey()));
      } else {
        target.put(pair.getKey(), pair.getValue());
      }
    }
  }

  /** A map of its own for user code, which may change it. */
  public Map<String, Object> toMap() {
    return new HashMap<>(values);
  }

  /** Any value. */
  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * Whether trees of tuples are tracked: the mode is ATLEAST_ONCE. The older topology.acking counts
   * only where there is no mode, as upstream.
   */
  public boolean acking() {
    Object mode = values.get(Config.TOPOLOGY_RELIABILITY_MODE);
    return mode == null
        ? flag(LEGACY_ACKING, false)
        : Config.TopologyReliabilityMode.ATLEAST_ONCE.name().equals(mode.toString());
  }

  /** A boolean, given as such or as text. */
  public boolean flag(String key, boolean fallback) {
    Object value = values.get(key);
    return value == null ? fallback : Boolean.parseBoolean(value.toString().trim());
  }

  /**
   * A whole number, given as such or as text.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public long number(String key, long fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    try {
      return value instanceof Number number
          ? number.longValue()
          : Long.parseLong(value.toString().trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          String.format("topology configuration %s: %s is not a whole number", key, value), e);
    }
  }

  /** As {@link #number}, but a whole number that was set at run time comes first. */
  public long currentNumber(String key, long fallback) {
    Object current = values.get(key + RUNTIME_POSTFIX);
    return current == null
        ? number(key, fallback)
        : wholeNumber(current.toString()).orElseGet(() -> number(key, fallback));
  }

  /** The number that a text is; empty if it is none. */
  public static OptionalLong wholeNumber(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text.trim()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** How long a tree of tuples may take; empty if trees never time out. */
  public Optional<Duration> messageTimeout() {
    if (!flag(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, true)) {
      return Optional.empty();
    }
    long seconds = number(Config.TOPOLOGY_MESSAGE_TIMEOUT_SECS, DEFAULT_TIMEOUT_SECONDS);
    return Optional.of(Duration.ofSeconds(Math.max(1, seconds)));
  }
}
