package org.apache.heron.scheduler.mesos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.Constraint.Operator;
import org.apache.heron.framework.placement.Expression;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/**
 * Reads {@code heron.mesos.constraints}: a list of {@code [field, operator]} or {@code [field,
 * operator, value]}, in YAML, or as JSON where it comes from a command line.
 */
final class ConstraintReader {
  static final String KEY = "heron.mesos.constraints";

  // A list of some hundred hosts; each round holds it against all agents.
  private static final int MOST_CHARACTERS = 4000;
  private static final int SHOWN = 100;

  private final Config config;

  ConstraintReader(Config config) {
    this.config = config;
  }

  /**
   * All constraints.
   *
   * @throws ConfigException if one is malformed, with its value and where it came from
   */
  List<Constraint> read() {
    Optional<Object> configured = config.get(KEY);
    if (configured.isEmpty() || configured.get().toString().isBlank()) {
      return List.of();
    }
    Object value = configured.get();
    if (value instanceof String text) {
      value = json(text);
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(value, "is no list; write [[\"hostname\", \"UNIQUE\"]]");
    }
    List<Constraint> constraints = new ArrayList<>();
    for (Object each : list) {
      constraints.add(constraint(each));
    }
    return constraints;
  }

  private Object json(String text) {
    try {
      return new ObjectMapper().readValue(text, List.class);
    } catch (JsonProcessingException e) {
      throw wrong(text, "is no list in JSON; write [[\"hostname\", \"UNIQUE\"]]");
    }
  }

  private Constraint constraint(Object written) {
    if (!(written instanceof List<?> parts) || parts.size() < 2 || parts.size() > 3) {
      throw wrong(written, "is not [field, operator] or [field, operator, value]");
    }
    for (Object part : parts) {
      if (part == null || part instanceof List || part instanceof java.util.Map) {
        throw wrong(written, "holds something that is no text or number");
      }
    }
    for (Object part : parts) {
      int length = part.toString().length();
      if (length > MOST_CHARACTERS) {
        throw wrong(
            written.toString().substring(0, SHOWN) + "…",
            "is of " + length + " characters; " + MOST_CHARACTERS + " are the most");
      }
    }
    String field = parts.get(0).toString().strip();
    String value = parts.size() == 3 ? parts.get(2).toString() : "";
    if (field.isEmpty()) {
      throw wrong(written, "names no field; name hostname, @region, @zone or an attribute");
    }
    if (field.startsWith("@") && !List.of(Constraint.REGION, Constraint.ZONE).contains(field)) {
      throw wrong(written, "names " + field + ", but only @region and @zone begin with @");
    }
    Constraint constraint = new Constraint(field, operator(written, parts.get(1)), value);
    check(written, constraint);
    return constraint;
  }

  private Operator operator(Object written, Object name) {
    String upper = name.toString().strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(Operator.values())
        .filter(operator -> operator.name().equals(upper))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    written,
                    "has no operator '" + name + "'; it is one of " + List.of(Operator.values())));
  }

  private void check(Object written, Constraint constraint) {
    String value = constraint.value();
    switch (constraint.operator()) {
      case UNIQUE -> {
        if (!value.isEmpty()) {
          throw wrong(written, "has a value, but UNIQUE takes none");
        }
      }
      case CLUSTER -> {}
      case GROUP_BY -> {
        if (!value.isEmpty() && !isCount(value)) {
          throw wrong(written, "needs a whole number from 1, or no value: how many to spread over");
        }
      }
      case MAX_PER -> {
        if (!isCount(value)) {
          throw wrong(written, "needs a whole number from 1: how many containers at most");
        }
      }
      case LIKE, UNLIKE -> checkExpression(written, value);
      case IS -> {
        if (value.isEmpty()) {
          throw wrong(written, "needs a value");
        }
      }
    }
  }

  private void checkExpression(Object written, String value) {
    if (value.isEmpty()) {
      throw wrong(written, "needs a regular expression");
    }
    try {
      Expression.of(value);
    } catch (IllegalArgumentException e) {
      throw wrong(written, e.getMessage());
    }
  }

  private static boolean isCount(String value) {
    return value.matches("[1-9]\\d{0,8}");
  }

  private ConfigException wrong(Object value, String problem) {
    return new ConfigException(
        KEY + ": " + value + " " + problem + " (from " + config.sourceOf(KEY) + ")");
  }
}
