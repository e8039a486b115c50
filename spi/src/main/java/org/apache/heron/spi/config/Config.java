package org.apache.heron.spi.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A flat map of configuration values, as merged from the cluster's files; immutable and
 * thread-safe.
 *
 * <p>Typed getters throw {@link ConfigException} whose message names the key, the value and the
 * file it came from. Values of keys outside {@link Key} are read by their text.
 */
public final class Config {
  /** The source of a value that no file sets. */
  static final String DEFAULT_SOURCE = "default";

  private static final String PROGRAM_SOURCE = "the program";

  // Whoever adds a longer one to the present leaves what an Instant, or a long of nanoseconds,
  // holds.
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final String LONGEST_TEXT = "a shorter time than a hundred years";

  private final Map<String, Object> values;
  private final Map<String, String> sources;

  private Config(Map<String, Object> values, Map<String, String> sources) {
    this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    this.sources = Map.copyOf(sources);
  }

  /** A configuration of these values, of which nothing says where they come from. */
  public static Config of(Map<String, ?> values) {
    return new Config(new TreeMap<>(values), Map.of());
  }

  /**
   * A configuration of these values.
   *
   * @param sources key to the file or flag that set it, for error messages
   */
  public static Config of(Map<String, ?> values, Map<String, String> sources) {
    return new Config(new TreeMap<>(values), sources);
  }

  /** All values, by key text, sorted. */
  public Map<String, Object> asMap() {
    return values;
  }

  /** Where the key's value comes from: a file, a flag, or {@code default}. */
  public String sourceOf(String key) {
    return sources.getOrDefault(key, DEFAULT_SOURCE);
  }

  /** As {@link #sourceOf(String)}. */
  public String sourceOf(Key key) {
    return sourceOf(key.text());
  }

  /** Every source that is known, by key text. */
  Map<String, String> sources() {
    return sources;
  }

  /** This configuration with one value replaced; the others keep their sources. */
  public Config with(String key, Object value) {
    return with(key, value, PROGRAM_SOURCE);
  }

  /**
   * This configuration with one value replaced.
   *
   * @param source who sets it, as error messages shall say it: a file, a flag
   */
  public Config with(String key, Object value, String source) {
    return withAll(Map.of(key, value), source);
  }

  /** As {@link #with(String, Object, String)}. */
  public Config with(Key key, Object value, String source) {
    return with(key.text(), value, source);
  }

  /** As {@link #with(String, Object, String)}, for several values. */
  public Config withAll(Map<String, ?> replacements, String source) {
    Map<String, Object> copy = new TreeMap<>(values);
    copy.putAll(replacements);
    Map<String, String> origins = new TreeMap<>(sources);
    replacements.keySet().forEach(key -> origins.put(key, source));
    return new Config(copy, origins);
  }

  /** As {@link #with(String, Object)}. */
  public Config with(Key key, Object value) {
    return with(key.text(), value);
  }

  /** The raw value: files first, then the key's default. */
  public Optional<Object> get(Key key) {
    return Optional.ofNullable(values.get(key.text())).or(key::defaultValue);
  }

  /** The raw value. */
  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The text of a key that must be set. */
  public String string(Key key) {
    return optionalString(key).orElseThrow(() -> missing(key.text()));
  }

  /** The text of a key that must be set. */
  public String string(String key) {
    return optionalString(key).orElseThrow(() -> missing(key));
  }

  /** The text of a key; numbers and booleans are given as their text. */
  public Optional<String> optionalString(Key key) {
    return get(key).map(String::valueOf);
  }

  /** The text of a key; numbers and booleans are given as their text. */
  public Optional<String> optionalString(String key) {
    return get(key).map(String::valueOf);
  }

  /** A boolean, also from the texts true and false in any case. */
  public boolean bool(Key key) {
    return bool(key.text(), (Boolean) key.defaultValue().orElse(Boolean.FALSE));
  }

  /** A boolean, also from the texts true and false in any case. */
  public boolean bool(String key, boolean whenUnset) {
    Object value = values.get(key);
    if (value == null) {
      return whenUnset;
    }
    String text = String.valueOf(value).trim();
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    throw malformed(key, value, "true or false");
  }

  /** A whole number. */
  public long number(Key key) {
    return get(key).map(value -> asLong(key.text(), value)).orElseThrow(() -> missing(key.text()));
  }

  /** A whole number. */
  public long number(String key, long whenUnset) {
    return get(key).map(value -> asLong(key, value)).orElse(whenUnset);
  }

  /** A decimal number. */
  public double decimal(Key key) {
    return get(key)
        .map(value -> asDouble(key.text(), value))
        .orElseThrow(() -> missing(key.text()));
  }

  /** A decimal number. */
  public double decimal(String key, double whenUnset) {
    return get(key).map(value -> asDouble(key, value)).orElse(whenUnset);
  }

  /** A whole number of bytes, not negative. */
  public long bytes(Key key) {
    return notNegative(key.text(), number(key));
  }

  /** A whole number of bytes, not negative. */
  public long bytes(String key, long whenUnset) {
    return notNegative(key, number(key, whenUnset));
  }

  /**
   * A length of time, not negative, and short enough that a moment can be reckoned with it.
   *
   * @param unit of the key's number, usually the last word of the key: ms, seconds
   */
  public Duration duration(String key, ChronoUnit unit, Duration whenUnset) {
    if (values.get(key) == null) {
      return whenUnset;
    }
    long number = notNegative(key, number(key, 0));
    try {
      Duration duration = Duration.of(number, unit);
      if (duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (ArithmeticException e) {
      throw malformed(key, number, LONGEST_TEXT);
    }
    throw malformed(key, number, LONGEST_TEXT);
  }

  /** A path in the file system of this host, as it is written. */
  public Path path(Key key) {
    return toPath(key.text(), string(key));
  }

  /** A path in the file system of this host, as it is written. */
  public Optional<Path> optionalPath(String key) {
    return optionalString(key).map(text -> toPath(key, text));
  }

  private Path toPath(String key, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw malformed(key, text, "a path");
    }
  }

  private long notNegative(String key, long number) {
    if (number < 0) {
      throw malformed(key, number, "0 or more");
    }
    return number;
  }

  private long asLong(String key, Object value) {
    if (value instanceof Double || value instanceof Float) {
      throw malformed(key, value, "a whole number");
    }
    try {
      return value instanceof Number number
          ? number.longValue()
          : Long.parseLong(String.valueOf(value).trim());
    } catch (NumberFormatException e) {
      throw malformed(key, value, "a whole number");
    }
  }

  private double asDouble(String key, Object value) {
    try {
      double number =
          value instanceof Number given
              ? given.doubleValue()
              : Double.parseDouble(String.valueOf(value).trim());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw malformed(key, value, "a number");
    }
    throw malformed(key, value, "a number");
  }

  /** An error about this key's value, saying what it should be. */
  public ConfigException malformed(String key, Object value, String wanted) {
    return new ConfigException(
        key + " is '" + value + "' (from " + sourceOf(key) + "), but must be " + wanted);
  }

  private ConfigException missing(String key) {
    return new ConfigException(
        key + " is not set; set it in the cluster's configuration or with --config-property");
  }

  @Override
  public String toString() {
    return "Config" + values;
  }
}
