package org.apache.heron.framework.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * As much of Prometheus' query language as the alerts of {@code docs/metrics.md} speak: names,
 * numbers to compare with, {@code * on () group_left ()}, {@code and}, {@code unless}, {@code or},
 * {@code sum by}, {@code count by}, {@code absent}, {@code last_over_time}. Anything else is an
 * error. See prometheus.io/docs/prometheus/latest/querying/operators.
 */
final class AlertExpression {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([a-z_][a-z_0-9]*|[0-9]+[hm]?|[<>=!]=|\\S)");

  private final World world;
  private final List<String> tokens;
  private int at;

  private AlertExpression(String expression, World world) {
    this.world = world;
    tokens = TOKEN.matcher(expression).results().map(each -> each.group(1)).toList();
  }

  /** A value with its labels; {@code __name__} is the figure's name. */
  record Series(Map<String, String> labels, double value) {
    Map<String, String> unnamed() {
      return only(label -> !label.equals("__name__"));
    }

    Map<String, String> only(Predicate<String> wanted) {
      Map<String, String> some = new TreeMap<>(labels);
      some.keySet().removeIf(wanted.negate());
      return some;
    }
  }

  /**
   * What Prometheus has.
   *
   * @param now each series that is not stale
   * @param lastHour the last value in an hour of each series
   */
  record World(List<Series> now, List<Series> lastHour) {}

  /** What an alert of that expression is told for; empty if it is silent. */
  static List<Series> evaluate(String expression, World world) {
    AlertExpression parser = new AlertExpression(expression, world);
    List<Series> told = parser.or();
    if (parser.at < parser.tokens.size()) {
      throw parser.unexpected();
    }
    return told;
  }

  private List<Series> or() {
    List<Series> left = andUnless();
    while (found("or")) {
      List<Series> right = andUnless();
      List<Series> both = new ArrayList<>(left);
      both.addAll(matching(right, left, label -> !label.equals("__name__"), false));
      left = both;
    }
    return left;
  }

  private List<Series> andUnless() {
    List<Series> left = comparison();
    while (next("and") || next("unless")) {
      boolean wanted = tokens.get(at++).equals("and");
      Predicate<String> on = found("on") ? labels()::contains : label -> !label.equals("__name__");
      left = matching(left, comparison(), on, wanted);
    }
    return left;
  }

  private static List<Series> matching(
      List<Series> some, List<Series> others, Predicate<String> on, boolean wanted) {
    return some.stream()
        .filter(
            each ->
                others.stream().anyMatch(other -> other.only(on).equals(each.only(on))) == wanted)
        .toList();
  }

  private List<Series> comparison() {
    List<Series> left = product();
    Map<String, BiPredicate<Double, Double>> operators =
        Map.of(
            "<", (a, b) -> a < b,
            ">", (a, b) -> a > b,
            "==", Double::equals,
            ">=", (a, b) -> a >= b);
    if (at < tokens.size() && operators.containsKey(tokens.get(at))) {
      BiPredicate<Double, Double> holds = operators.get(tokens.get(at++));
      double limit = Double.parseDouble(tokens.get(at++));
      return left.stream().filter(each -> holds.test(each.value(), limit)).toList();
    }
    return left;
  }

  private List<Series> product() {
    List<Series> left = operand();
    if (!found("*")) {
      return left;
    }
    expect("on");
    Set<String> on = labels();
    expect("group_left");
    Set<String> taken = labels();
    List<Series> right = operand();
    List<Series> products = new ArrayList<>();
    for (Series each : left) {
      List<Series> ones = matching(right, List.of(each), on::contains, true);
      if (ones.size() > 1) {
        throw new IllegalStateException("many-to-many matching not allowed: " + ones);
      }
      for (Series one : ones) {
        Map<String, String> labels = new TreeMap<>(each.unnamed());
        labels.putAll(one.only(taken::contains));
        products.add(new Series(labels, each.value() * one.value()));
      }
    }
    return products;
  }

  private List<Series> operand() {
    if (found("(")) {
      List<Series> inner = or();
      expect(")");
      return inner;
    }
    String name = tokens.get(at++);
    return switch (name) {
      case "sum", "count" -> aggregate(name.equals("count"));
      case "absent" -> {
        List<Series> inner = operand();
        yield inner.isEmpty() ? List.of(new Series(Map.of(), 1)) : List.of();
      }
      case "last_over_time" -> {
        expect("(");
        String figure = tokens.get(at++);
        List.of("[", "1h", "]", ")").forEach(this::expect);
        yield named(figure, world.lastHour());
      }
      default -> {
        if (!name.startsWith("heron_")) {
          at--;
          throw unexpected();
        }
        yield named(name, world.now());
      }
    };
  }

  private List<Series> aggregate(boolean counts) {
    expect("by");
    Set<String> by = labels();
    Map<Map<String, String>, Double> groups = new LinkedHashMap<>();
    for (Series each : operand()) {
      groups.merge(each.only(by::contains), counts ? 1 : each.value(), Double::sum);
    }
    return groups.entrySet().stream().map(e -> new Series(e.getKey(), e.getValue())).toList();
  }

  private static List<Series> named(String name, List<Series> all) {
    return all.stream().filter(each -> name.equals(each.labels().get("__name__"))).toList();
  }

  private Set<String> labels() {
    expect("(");
    Set<String> labels = new LinkedHashSet<>();
    do {
      labels.add(tokens.get(at++));
    } while (found(","));
    expect(")");
    return labels;
  }

  private boolean next(String token) {
    return at < tokens.size() && tokens.get(at).equals(token);
  }

  private boolean found(String token) {
    boolean found = next(token);
    at += found ? 1 : 0;
    return found;
  }

  private void expect(String token) {
    if (!found(token)) {
      throw unexpected();
    }
  }

  private IllegalArgumentException unexpected() {
    List<String> rest = tokens.subList(Math.min(at, tokens.size()), tokens.size());
    return new IllegalArgumentException("not understood: " + String.join(" ", rest));
  }

  /** The figures of a process, as Prometheus has them when it has asked that instance. */
  static List<Series> scraped(String instance, String exposition) {
    Pattern label = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");
    List<Series> all = new ArrayList<>();
    ExpositionText.parse(exposition)
        .samples()
        .forEach(
            (key, value) -> {
              Map<String, String> labels = new HashMap<>();
              label
                  .matcher(key)
                  .results()
                  .forEach((MatchResult r) -> labels.put(r.group(1), r.group(2)));
              labels.put("__name__", key.replaceFirst("\\{.*", ""));
              labels.put("instance", instance);
              all.add(new Series(labels, value));
            });
    return all;
  }
}
