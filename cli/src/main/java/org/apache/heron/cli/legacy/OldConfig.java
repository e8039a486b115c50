package org.apache.heron.cli.legacy;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.client.ClientException;

/**
 * The configuration that an old command line gives: files of {@code key:value} lines, and
 * overrides. Later values take the place of earlier ones. Not thread-safe.
 */
final class OldConfig {
  private static final long MOST_BYTES = 1 << 20;

  /** {@code key:value} or {@code key=value}, perhaps with spaces at the sign or quotes around. */
  private static final Pattern PAIR =
      Pattern.compile("\\G\\s*([\\w.-]+)\\s*[:=]\\s*(?:\"([^\"]*)\"|(\\S+))(?=\\s|$)");

  private final Map<String, Value> values = new LinkedHashMap<>();

  /**
   * A value.
   *
   * @param source the file or argument that gives it
   */
  record Value(String text, String source) {}

  /** All of them, by key. */
  Map<String, Value> values() {
    return values;
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key)).map(Value::text).filter(text -> !text.isBlank());
  }

  void set(String key, String text, String source) {
    if (key.isBlank()) {
      throw new OldUsageException(source + " has a value without a key: '" + text + "'");
    }
    values.put(key, new Value(text, source));
  }

  /** True if the text is overrides rather than cluster/role/environment: pairs, or nothing. */
  static boolean isOverrides(String text) {
    return text.isBlank() || text.contains(":") || text.contains("=");
  }

  /**
   * Takes the overrides of a command's first argument.
   *
   * @throws OldUsageException if a part is no pair
   */
  void addOverrides(String text) {
    Matcher pair = PAIR.matcher(text);
    int end = 0;
    while (pair.find()) {
      String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
      set(pair.group(1), value, "the overrides");
      end = pair.end();
    }
    if (!text.substring(end).isBlank()) {
      throw new OldUsageException(
          "the overrides '"
              + text
              + "' are not key:value pairs from '"
              + text.substring(end).strip()
              + "' on");
    }
  }

  /**
   * Takes a {@code --config-property}: a pair, or a file of pairs.
   *
   * @throws OldUsageException if it is neither
   */
  void addProperty(String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      set(text.substring(0, equals).strip(), text.substring(equals + 1), "--config-property");
      return;
    }
    Path file = path("--config-property", text);
    if (!Files.isRegularFile(file)) {
      throw new OldUsageException(
          "Invalid config property format (" + text + ") expected key=value");
    }
    addFile(file);
  }

  /**
   * Takes a file in the form of Java's properties.
   *
   * @throws ClientException if it cannot be read as such
   */
  void addFile(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ClientException("--config-file '" + file + "' is no file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new ClientException(
            "--config-file '" + file + "' has more than " + MOST_BYTES + " bytes");
      }
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
      new TreeMap<>(properties)
          .forEach((key, value) -> set((String) key, ((String) value).strip(), file.toString()));
    } catch (IOException | IllegalArgumentException e) {
      throw new ClientException("Cannot read --config-file '" + file + "': " + e.getMessage(), e);
    }
  }

  static Path path(String option, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new OldUsageException(option + " '" + text + "' is no path");
    }
  }
}
