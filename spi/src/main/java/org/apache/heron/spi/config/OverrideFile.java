package org.apache.heron.spi.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code override.yaml}: the values that win over every file. The client writes one from {@code
 * --config-property}; the one inside the topology package also reaches the scheduler and the
 * containers.
 */
public final class OverrideFile {
  /** The file's name, in {@code heron-conf/} of the topology package. */
  public static final String NAME = "override.yaml";

  /**
   * What only the submitting host can expand: in a container {@code ${HERON_DIST}} would be {@code
   * ./heron-core/dist}, and another shell may have another JAVA_HOME.
   */
  private static final List<Key> OF_THE_SUBMITTER =
      List.of(Key.CORE_PACKAGE_URI, Key.HERON_CLUSTER_JAVA_HOME);

  private OverrideFile() {}

  /**
   * The values for the topology package: the properties, and those settings that only the
   * submitting host can expand, expanded.
   *
   * @param raw the configuration as loaded, with tokens
   * @param local the same, expanded on this host
   */
  public static Map<String, Object> forPackage(
      Config raw, Config local, Map<String, Object> properties) {
    Map<String, Object> values = new TreeMap<>(properties);
    for (Key key : OF_THE_SUBMITTER) {
      String expanded = local.string(key);
      boolean hasTokens = !raw.string(key).equals(expanded);
      if (hasTokens || raw.get(key.text()).isPresent()) {
        values.put(key.text(), expanded);
      }
    }
    return values;
  }

  /** Writes the values as YAML, replacing the file. */
  public static void write(Path file, Map<String, Object> values) throws IOException {
    StringBuilder yaml = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              quote(yaml, key);
              yaml.append(": ");
              append(yaml, value);
              yaml.append('\n');
            });
    Files.writeString(file, yaml);
  }

  private static void append(StringBuilder yaml, Object value) {
    if (value instanceof Boolean || value instanceof Number) {
      yaml.append(value);
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        yaml.append(separator);
        quote(yaml, String.valueOf(entry.getKey()));
        yaml.append(": ");
        append(yaml, entry.getValue());
        separator = ", ";
      }
      yaml.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Iterable<?> list) {
      yaml.append('[');
      String separator = "";
      for (Object element : list) {
        yaml.append(separator);
        append(yaml, element);
        separator = ", ";
      }
      yaml.append(']');
    } else {
      quote(yaml, String.valueOf(value));
    }
  }

  /** Double quotes: the one YAML form in which any text is itself. */
  private static void quote(StringBuilder yaml, String text) {
    yaml.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        yaml.append('\\').append(c);
      } else if ((c >= ' ' && c < 0x7f) || Character.isSurrogate(c)) {
        yaml.append(c);
      } else {
        yaml.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    yaml.append('"');
  }
}
