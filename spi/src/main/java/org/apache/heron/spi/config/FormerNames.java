package org.apache.heron.spi.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads what older configurations call differently: class names and keys. */
final class FormerNames {
  /** Heron's packages until 0.18.0; a whole value of this form is a class name. */
  private static final Pattern FORMER_CLASS = Pattern.compile("com\\.twitter\\.heron\\.[\\w.$]+");

  private static final String FORMER_PACKAGE = "com.twitter.heron.";
  private static final String PACKAGE = "org.apache.heron.";

  /** Keys that stand for others. */
  private static final Map<String, List<String>> ALIASES =
      Map.of(
          "heron.local.working.directory",
          List.of(
              "heron.scheduler.mesos.scheduler.working.directory",
              "heron.scheduler.local.working.directory"));

  private FormerNames() {}

  /** The keys that an old key stands for; empty if the key is not an old one. */
  static List<String> targetsOf(String key) {
    return ALIASES.getOrDefault(key, List.of());
  }

  /** The value with class names of {@code com.twitter.heron} moved, also inside maps and lists. */
  static Object present(Object value) {
    if (value instanceof String text) {
      return FORMER_CLASS.matcher(text.trim()).matches()
          ? PACKAGE + text.trim().substring(FORMER_PACKAGE.length())
          : text;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, child) -> copy.put(key, present(child)));
      return java.util.Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(child -> copy.add(present(child)));
      return java.util.Collections.unmodifiableList(copy);
    }
    return value;
  }
}
