package org.apache.heron.framework.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.config.Config;

/**
 * Reads values that are several: a list or a map in a YAML file, or one text with commas, as {@code
 * --config-property} gives it.
 */
final class Listing {
  private Listing() {}

  /** The parts, without blanks around them; none if the key is not set. */
  static List<String> parts(Config config, String key) {
    Optional<Object> value = config.get(key);
    List<String> parts = new ArrayList<>();
    if (value.isPresent() && value.get() instanceof Iterable<?> several) {
      several.forEach(each -> parts.add(String.valueOf(each).strip()));
    } else if (value.isPresent()) {
      for (String each : String.valueOf(value.get()).split(",")) {
        parts.add(each.strip());
      }
    }
    parts.removeIf(String::isEmpty);
    return parts;
  }

  /** Names and values, from a map or from parts {@code NAME=value}; in their order. */
  static Map<String, String> pairs(Config config, String key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (config.get(key).orElse(null) instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) ->
              pairs.put(String.valueOf(name).strip(), value == null ? "" : String.valueOf(value)));
      return pairs;
    }
    for (String part : parts(config, key)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw config.malformed(key, part, "NAME=value, several separated by commas, or a map");
      }
      pairs.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return pairs;
  }
}
