package org.apache.heron.spi.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key that a configuration file may hold, with its type, default and meaning; the resource
 * {@code keys.txt} beside this class. A new key is one new line there. Thread-safe.
 */
public final class KeyCatalogue {
  private static final String RESOURCE = "keys.txt";

  private KeyCatalogue() {}

  /** Read when the catalogue is first asked, so that commands that never ask do not pay. */
  private static final class Holder {
    static final Map<String, KnownKey> KEYS = read();
  }

  /** Every key, in the catalogue's order. */
  public static List<KnownKey> all() {
    return List.copyOf(Holder.KEYS.values());
  }

  /** The entry of a key. */
  public static Optional<KnownKey> find(String key) {
    return Optional.ofNullable(Holder.KEYS.get(key));
  }

  /**
   * The known key that differs least from this one; empty if more than a quarter of it would have
   * to change.
   */
  public static Optional<String> nearest(String key) {
    int limit = Math.max(2, key.length() / 4);
    String best = null;
    for (String known : Holder.KEYS.keySet()) {
      int distance = distance(key, known, limit);
      if (distance <= limit) {
        limit = distance - 1;
        best = known;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance, or more than the limit as soon as that is certain. */
  static int distance(String left, String right, int limit) {
    if (Math.abs(left.length() - right.length()) > limit) {
      return limit + 1;
    }
    int[] previous = new int[right.length() + 1];
    int[] current = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      current[0] = row;
      for (int column = 1; column <= right.length(); column++) {
        int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                previous[column - 1] + change, 1 + Math.min(previous[column], current[column - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[right.length()];
  }

  private static Map<String, KnownKey> read() {
    try (InputStream in = KeyCatalogue.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      Map<String, KnownKey> keys = new LinkedHashMap<>();
      String section = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("## ")) {
          section = line.substring(3).trim();
        } else if (!line.isBlank() && !line.startsWith("#")) {
          KnownKey key = parse(section, line);
          if (keys.put(key.key(), key) != null) {
            throw new IllegalStateException(RESOURCE + " lists " + key.key() + " twice");
          }
        }
      }
      return Collections.unmodifiableMap(keys);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  private static KnownKey parse(String section, String line) {
    List<String> fields = new ArrayList<>();
    for (String field : line.split(" \\| ", 4)) {
      fields.add(field.trim());
    }
    if (fields.size() != 4) {
      throw new IllegalStateException(RESOURCE + " needs four fields in: " + line);
    }
    Optional<String> defaultValue =
        fields.get(2).equals("-") ? Optional.empty() : Optional.of(fields.get(2));
    return new KnownKey(section, fields.get(0), fields.get(1), defaultValue, fields.get(3));
  }
}
