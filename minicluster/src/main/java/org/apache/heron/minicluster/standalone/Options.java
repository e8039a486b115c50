package org.apache.heron.minicluster.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code --name=value} words of a part's command line. Immutable. */
final class Options {
  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads words.
   *
   * @throws IllegalArgumentException if one is of another form; the message names it
   */
  static Options parse(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (!word.startsWith("--") || equals < 3) {
        throw new IllegalArgumentException("'" + word + "' is not of the form --name=value");
      }
      values.put(word.substring(2, equals), word.substring(equals + 1));
    }
    return new Options(values);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String text(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
  }

  Path path(String name) {
    return Path.of(text(name));
  }

  int number(String name) {
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + name + " is '" + text(name) + "', not a number", e);
    }
  }

  Duration millis(String name) {
    return Duration.ofMillis(number(name));
  }

  /** The words that {@link #parse} reads. */
  static List<String> words(Map<String, Object> values) {
    List<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.add("--" + name + "=" + value));
    return words;
  }
}
