package org.apache.heron.spi.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code --config-property key=value} options of a command line. */
public final class ConfigProperties {
  private ConfigProperties() {}

  /**
   * The values by key: true and false (in any case) as booleans, everything else as text, as
   * upstream's command line does. Of two properties of one key the last one counts.
   *
   * @throws ConfigException if one is not {@code key=value} with exactly one {@code =}
   */
  public static Map<String, Object> parse(List<String> properties) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String property : properties) {
      int equals = property.indexOf('=');
      if (equals < 0
          || property.indexOf('=', equals + 1) >= 0
          || property.substring(0, equals).isBlank()) {
        throw new ConfigException(
            "Invalid config property format (" + property + ") expected key=value");
      }
      values.put(property.substring(0, equals).trim(), typed(property.substring(equals + 1)));
    }
    return Collections.unmodifiableMap(values);
  }

  /** The value that a text stands for, by the same rules. */
  public static Object typed(String text) {
    return asBoolean(text).<Object>map(value -> value).orElse(text);
  }

  private static Optional<Boolean> asBoolean(String text) {
    if (text.equalsIgnoreCase("true")) {
      return Optional.of(Boolean.TRUE);
    }
    return text.equalsIgnoreCase("false") ? Optional.of(Boolean.FALSE) : Optional.empty();
  }
}
