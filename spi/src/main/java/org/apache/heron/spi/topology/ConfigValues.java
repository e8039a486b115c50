package org.apache.heron.spi.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.spi.packing.ByteAmount;

/**
 * Typed reading of the text values in a definition's {@code Config} message; immutable.
 *
 * <p>Values that the API serialized as Java or Python objects (keys outside its own vocabulary) are
 * opaque to the deployment layer and read as absent. A value without a type counts as text.
 */
public final class ConfigValues {
  private final String owner;
  private final Map<String, String> values;

  private ConfigValues(String owner, Map<String, String> values) {
    this.owner = owner;
    this.values = values;
  }

  /**
   * @param owner whose settings these are, for error messages, such as {@code topology 'words'}
   */
  public static ConfigValues of(String owner, TopologyAPI.Config config) {
    Map<String, String> values = new LinkedHashMap<>();
    for (TopologyAPI.Config.KeyValue pair : config.getKvsList()) {
      boolean text = !pair.hasType() || pair.getType() == ConfigValueType.STRING_VALUE;
      if (text && pair.hasValue()) {
        values.put(pair.getKey(), pair.getValue());
      }
    }
    return new ConfigValues(owner, values);
  }

  /** The text of a key. */
  public Optional<String> string(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** A whole number; white space around it is ignored. */
  public Optional<Long> number(String key) {
    return string(key)
        .map(
            text -> {
              try {
                return Long.parseLong(text.trim());
              } catch (NumberFormatException e) {
                throw malformed(key, text, "a whole number");
              }
            });
  }

  /** A whole number that fits an int. */
  public Optional<Integer> integer(String key) {
    return number(key)
        .map(
            value -> {
              if (value.intValue() != value) {
                throw malformed(key, string(key).orElse(""), "a whole number below 2^31");
              }
              return value.intValue();
            });
  }

  /** A finite decimal number. */
  public Optional<Double> decimal(String key) {
    return string(key)
        .map(
            text -> {
              try {
                double value = Double.parseDouble(text.trim());
                if (Double.isFinite(value)) {
                  return value;
                }
              } catch (NumberFormatException e) {
                // Reported below with the key's name.
              }
              throw malformed(key, text, "a number");
            });
  }

  /** A number of bytes. */
  public Optional<ByteAmount> bytes(String key) {
    return number(key).map(ByteAmount::ofBytes);
  }

  /** True or false, in any case. */
  public Optional<Boolean> bool(String key) {
    return string(key)
        .map(
            text ->
                switch (text.trim().toLowerCase(java.util.Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw malformed(key, text, "true or false");
                });
  }

  /** All text values, in the definition's order. */
  public Map<String, String> asMap() {
    return java.util.Collections.unmodifiableMap(values);
  }

  TopologyException malformed(String key, String value, String wanted) {
    return new TopologyException(
        key + " of " + owner + " is '" + value + "', but must be " + wanted);
  }
}
