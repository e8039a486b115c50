package org.apache.heron.spi.config;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces tokens such as <code>${HERON_HOME}</code> and <code>~</code> in values, by upstream's
 * rules: a token counts only as a whole element of a path, a URL's scheme is kept, and whatever is
 * not known stays as it is.
 */
final class Tokens {
  private static final Pattern URL = Pattern.compile("(.+)://(.+)");
  private static final Pattern TOKEN = Pattern.compile("\\$\\{([A-Z_]+)}");
  private static final int MAX_VALUE_LENGTH = 1 << 16;

  /** More than any chain of keys that name one another is long. */
  private static final int MAX_ROUNDS = 32;

  private final Map<String, Object> values;
  private final UnaryOperator<String> environment;

  private Tokens(Map<String, Object> values, UnaryOperator<String> environment) {
    this.values = values;
    this.environment = environment;
  }

  /**
   * The values with all tokens replaced as far as possible. Text inside maps and lists stays as it
   * is.
   *
   * @param environment the process's environment variables
   * @throws ConfigException if values refer to one another without end
   */
  static Map<String, Object> expand(Map<String, Object> values, UnaryOperator<String> environment) {
    Map<String, Object> current = values;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Tokens tokens = new Tokens(current, environment);
      Map<String, Object> expanded = new TreeMap<>();
      current.forEach((key, value) -> expanded.put(key, tokens.substituteIn(key, value)));
      if (expanded.equals(current)) {
        return expanded;
      }
      current = expanded;
    }
    // Values that name one another in a circle; upstream leaves them as they are, too.
    return current;
  }

  private Object substituteIn(String key, Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    String result = substitute(text);
    if (result.length() > MAX_VALUE_LENGTH) {
      throw new ConfigException(
          key + " becomes longer than " + MAX_VALUE_LENGTH + " characters: does it name itself?");
    }
    return result;
  }

  private String substitute(String raw) {
    String text = raw.trim();
    Matcher url = URL.matcher(text);
    if (url.matches()) {
      return url.group(1) + "://" + substitutePath(url.group(2));
    }
    return substitutePath(text);
  }

  private String substitutePath(String text) {
    List<String> elements = new ArrayList<>();
    for (String element : text.split("/")) {
      elements.add(replacement(element).orElse(element));
    }
    if (elements.isEmpty()) {
      return "/";
    }
    File path = new File(elements.get(0));
    for (String element : elements.subList(1, elements.size())) {
      path = new File(path, element);
    }
    return path.getPath();
  }

  private Optional<String> replacement(String element) {
    if (element.equals("~") || element.equals("${HOME}")) {
      return Optional.ofNullable(System.getProperty("user.home"));
    }
    if (element.equals("${JAVA_HOME}")) {
      return Optional.of(javaHome());
    }
    Matcher token = TOKEN.matcher(element);
    return token.matches() ? valueOf(token.group(1)) : Optional.empty();
  }

  /**
   * JAVA_HOME, or where this process's own Java is. Upstream leaves the token when JAVA_HOME is
   * unset, which the container's shell then turns into {@code /bin/java}.
   */
  private String javaHome() {
    String home = environment.apply("JAVA_HOME");
    return home == null || home.isBlank() ? System.getProperty("java.home") : home.trim();
  }

  private Optional<String> valueOf(String name) {
    return keyOf(name.equals("TOPOLOGY") ? Key.TOPOLOGY_NAME.name() : name)
        .flatMap(key -> Optional.ofNullable(values.get(key.text())).or(key::defaultValue))
        .map(value -> textOf(name, value));
  }

  private static String textOf(String name, Object value) {
    if (value instanceof Map || value instanceof Iterable) {
      throw new ConfigException(
          "${" + name + "} stands for a map or list and cannot be part of a value");
    }
    return String.valueOf(value);
  }

  private static Optional<Key> keyOf(String name) {
    for (Key key : Key.values()) {
      if (key.name().equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
