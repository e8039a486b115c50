package org.apache.heron.framework.placement;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where containers may run, in the vocabulary of Marathon: a field of the agent, an operator, and
 * mostly a value. All containers of the topology are counted together.
 *
 * @param field {@code hostname}, {@code @region}, {@code @zone}, or an attribute's name
 * @param value as configured; empty if there is none
 */
public record Constraint(String field, Operator operator, String value) {
  /** The agent's host name. */
  public static final String HOSTNAME = "hostname";

  /** The region of the agent's fault domain. */
  public static final String REGION = "@region";

  /** The zone of the agent's fault domain. */
  public static final String ZONE = "@zone";

  /** What is asked of the field. */
  public enum Operator {
    /** No two containers where the field is the same. */
    UNIQUE,
    /** All containers where the field is the value or, without one, where the first one is. */
    CLUSTER,
    /**
     * Containers evenly over the field's values; with a number, none is used twice before so many
     * are used.
     */
    GROUP_BY,
    /** The whole field matches the regular expression. */
    LIKE,
    /** The whole field does not match the regular expression, or is missing. */
    UNLIKE,
    /** At most so many containers where the field is the same. */
    MAX_PER,
    /** The field is the value: numbers as numbers, sets and ranges whatever their order. */
    IS
  }

  /** What the constraint looks at on that agent. */
  Optional<String> valueOn(String hostname, Traits traits) {
    return switch (field) {
      case HOSTNAME -> Optional.of(hostname);
      case REGION -> traits.optionalRegion();
      case ZONE -> traits.optionalZone();
      default -> Optional.ofNullable(traits.attributes().get(field));
    };
  }

  /** The value as a number; only asked for where the reader has made sure of it. */
  int number() {
    return value.isEmpty() ? 0 : Integer.parseInt(value);
  }

  /** True if its answer for an agent never changes with what runs where. */
  boolean isFixed() {
    return switch (operator) {
      case LIKE, UNLIKE, IS -> true;
      case UNIQUE, CLUSTER, GROUP_BY, MAX_PER -> false;
    };
  }

  /** Whether an agent without the field is admitted at all, whatever runs where. */
  boolean admitsMissing() {
    // As in Marathon: what is missing is only unlike something.
    return operator == Operator.UNLIKE;
  }

  /** Which values are admitted at all, whatever runs where; to be made once and asked often. */
  Predicate<String> admitted() {
    return switch (operator) {
      case LIKE -> Expression.of(value)::matches;
      case UNLIKE -> Predicate.not(Expression.of(value)::matches);
      case IS -> this::isValue;
      case CLUSTER -> actual -> value.isEmpty() || isValue(actual);
      case UNIQUE, GROUP_BY, MAX_PER -> actual -> true;
    };
  }

  private boolean isValue(String actual) {
    return actual.equals(value) || actual.equals(AttributeText.normal(value));
  }

  /** For people: {@code rack GROUP_BY}, {@code zone IS eu-1}. */
  public String text() {
    return field + " " + operator + (value.isEmpty() ? "" : " " + value);
  }
}
