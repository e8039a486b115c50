package org.apache.heron.scheduler.nomad.job;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/**
 * A condition on the nodes that a container may run on.
 *
 * @param attribute with its braces, for example <code>${node.class}</code>
 * @param value empty for operators that take none
 */
record Constraint(String attribute, String operator, String value) {
  static final String KEY = "heron.nomad.constraints";

  private static final Set<String> WITHOUT_VALUE = Set.of("is_set", "is_not_set");
  private static final Set<String> OPERATORS =
      new LinkedHashSet<>(
          List.of(
              "=",
              "==",
              "is",
              "!=",
              "not",
              ">",
              ">=",
              "<",
              "<=",
              "regexp",
              "set_contains",
              "set_contains_all",
              "set_contains_any",
              "version",
              "semver",
              "is_set",
              "is_not_set"));
  private static final Pattern TEXT = Pattern.compile("(\\S+)\\s+(\\S+)(?:\\s+(.+))?");

  /**
   * The configured ones: a list in YAML of texts such as {@code node.class = batch} or of {@code
   * [attribute, operator, value]}; from a command line one text, separated by semicolons.
   *
   * @throws ConfigException if one is malformed
   */
  static List<Constraint> all(Config config) {
    Optional<Object> configured = config.get(KEY);
    if (configured.isEmpty() || configured.get().toString().isBlank()) {
      return List.of();
    }
    List<?> written =
        configured.get() instanceof List<?> list
            ? list
            : List.of(configured.get().toString().split(";"));
    List<Constraint> constraints = new ArrayList<>();
    for (Object each : written) {
      constraints.add(constraint(config, each));
    }
    return constraints;
  }

  private static Constraint constraint(Config config, Object written) {
    List<String> parts = new ArrayList<>();
    if (written instanceof List<?> list) {
      list.forEach(part -> parts.add(String.valueOf(part).strip()));
    } else {
      Matcher text = TEXT.matcher(String.valueOf(written).strip());
      if (text.matches()) {
        parts.add(text.group(1));
        parts.add(text.group(2));
        Optional.ofNullable(text.group(3)).map(String::strip).ifPresent(parts::add);
      }
    }
    if (parts.size() < 2 || parts.size() > 3 || parts.get(0).isEmpty()) {
      throw wrong(config, written, "is not 'attribute operator value', as in node.class = batch");
    }
    String operator = parts.get(1);
    if (operator.equals("distinct_hosts") || operator.equals("distinct_property")) {
      throw wrong(config, written, "compares containers of one job, but each has a job of its own");
    }
    if (!OPERATORS.contains(operator)) {
      throw wrong(config, written, "has no operator of Nomad's; it is one of " + OPERATORS);
    }
    boolean needsValue = !WITHOUT_VALUE.contains(operator);
    boolean hasValue = parts.size() == 3 && !parts.get(2).isEmpty();
    if (needsValue != hasValue) {
      throw wrong(config, written, needsValue ? "has no value" : "has a value, but takes none");
    }
    return new Constraint(braced(parts.get(0)), operator, hasValue ? parts.get(2) : "");
  }

  private static String braced(String attribute) {
    return attribute.startsWith("${") ? attribute : "${" + attribute + "}";
  }

  private static ConfigException wrong(Config config, Object written, String problem) {
    return new ConfigException(
        KEY + ": " + written + " " + problem + " (from " + config.sourceOf(KEY) + ")");
  }
}
