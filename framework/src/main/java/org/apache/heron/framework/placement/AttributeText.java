package org.apache.heron.framework.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A value that a user writes, in the form in which {@link Traits} has attributes. */
final class AttributeText {
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");
  private static final Pattern RANGES =
      Pattern.compile("\\[\\s*\\d{1,18}-\\d{1,18}\\s*(,\\s*\\d{1,18}-\\d{1,18}\\s*)*]");
  private static final Pattern SET = Pattern.compile("\\{[^{}]*}");

  private AttributeText() {}

  static String normal(String value) {
    if (NUMBER.matcher(value).matches()) {
      return Traits.number(Double.parseDouble(value));
    }
    if (SET.matcher(value).matches()) {
      return Traits.set(parts(value));
    }
    if (RANGES.matcher(value).matches()) {
      return parts(value).stream()
          .sorted(Comparator.comparingLong(range -> Long.parseLong(range.split("-")[0])))
          .collect(Collectors.joining(",", "[", "]"));
    }
    return value;
  }

  private static List<String> parts(String value) {
    return Arrays.stream(value.substring(1, value.length() - 1).split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
