package org.apache.heron.spi.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code component:value,component:value}, the form of the ram, cpu and disk maps. */
final class ComponentMap {
  private ComponentMap() {}

  /**
   * @param key names the map in error messages
   * @param components the only names allowed; compared as they are, without trimming
   * @param reader reads a value; throws {@link NumberFormatException} when it cannot
   */
  static <V> Map<String, V> parse(
      String key, String text, Set<String> components, Function<String, V> reader) {
    Map<String, V> result = new LinkedHashMap<>();
    for (String token : text.split(",")) {
      if (token.isBlank()) {
        continue;
      }
      String[] parts = token.split(":", -1);
      if (parts.length != 2) {
        throw new TopologyException(
            "Malformed component config in "
                + key
                + ": '"
                + token
                + "' is not of the form component:value");
      }
      if (!components.contains(parts[0])) {
        throw new TopologyException(
            "Invalid component. "
                + parts[0]
                + " not found, but "
                + key
                + " names it; the components are "
                + String.join(", ", components));
      }
      try {
        result.put(parts[0], reader.apply(parts[1]));
      } catch (NumberFormatException e) {
        throw new TopologyException(
            key
                + " gives component "
                + parts[0]
                + " '"
                + parts[1]
                + "', which is not a number, or below 0",
            e);
      }
    }
    return result;
  }
}
