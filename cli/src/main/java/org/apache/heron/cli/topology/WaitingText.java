package org.apache.heron.cli.topology;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.cli.console.TimeText;
import org.apache.heron.spi.scheduler.Explanation.Container;
import org.apache.heron.spi.scheduler.Explanation.Quantity;
import org.apache.heron.spi.scheduler.Explanation.Verdict;

/** Containers that wait, in paragraphs: those that wait for the same reason share one. */
final class WaitingText {
  /** Of the agents that were looked at, so many are shown of each paragraph; JSON has them all. */
  private static final int SHOWN_VERDICTS = 8;

  private static final int SHOWN_PARAGRAPHS = 20;

  private final long now;
  private final List<String> lines = new ArrayList<>();

  /** What makes containers wait for the same reason; only ids and times may differ. */
  private record Reason(
      String state,
      String line,
      int attempt,
      int failures,
      String cause,
      List<Quantity> needs,
      List<Verdict> verdicts,
      int unnamed,
      List<String> remedies) {
    static Reason of(Container container) {
      return new Reason(
          container.state(),
          container.line(),
          container.attempt(),
          container.failures(),
          container.cause(),
          container.needs(),
          container.verdicts(),
          container.unnamed(),
          container.remedies());
    }
  }

  private WaitingText(long now) {
    this.now = now;
  }

  /**
   * The paragraphs, each after an empty line.
   *
   * @param waiting in the order of their ids
   * @param now in milliseconds since the epoch
   */
  static List<String> of(List<Container> waiting, long now) {
    Map<Reason, List<Container>> groups =
        waiting.stream()
            .collect(Collectors.groupingBy(Reason::of, LinkedHashMap::new, Collectors.toList()));
    WaitingText text = new WaitingText(now);
    groups.values().stream().limit(SHOWN_PARAGRAPHS).forEach(text::paragraph);
    if (groups.size() > SHOWN_PARAGRAPHS) {
      List<Integer> rest =
          groups.values().stream()
              .skip(SHOWN_PARAGRAPHS)
              .flatMap(List::stream)
              .map(Container::id)
              .sorted()
              .toList();
      text.lines.add("");
      text.lines.add(
          "And "
              + ContainerNumbers.text(rest)
              + ", for "
              + (groups.size() - SHOWN_PARAGRAPHS)
              + " other reasons; --json tells all");
    }
    return text.lines;
  }

  private void paragraph(List<Container> alike) {
    Container first = alike.get(0);
    lines.add("");
    lines.add(heading(alike));
    if (!first.needs().isEmpty()) {
      lines.add("  needs: " + quantities(first.needs()));
    }
    if (first.since() > 0) {
      lines.add("  for " + spans(alike, each -> now - each.since()) + past(first));
    }
    if (first.retryAt() > 0) {
      lines.add("  tried again " + retry(alike));
    }
    if (!first.cause().isEmpty()) {
      lines.add("  before: " + first.cause());
    }
    first.remedies().forEach(remedy -> lines.add("  remedy: " + remedy));
    verdicts(first);
  }

  private static String heading(List<Container> alike) {
    Container first = alike.get(0);
    if (alike.size() == 1) {
      return "Container " + first.id() + " (" + first.state() + ") " + first.line();
    }
    String ids = ContainerNumbers.text(alike.stream().map(Container::id).toList());
    String verb = first.state().equals("WAITING") ? " wait" : " back off";
    return "C" + ids.substring(1) + verb + ", for the same reason: each " + first.line();
  }

  private String retry(List<Container> alike) {
    boolean due = alike.stream().allMatch(each -> each.retryAt() <= now);
    return due ? "just now" : "in " + spans(alike, each -> each.retryAt() - now + 999);
  }

  /** One duration, or the shortest and the longest. */
  private static String spans(List<Container> alike, ToLongFunction<Container> millis) {
    long least = alike.stream().mapToLong(millis).min().orElse(0);
    long most = alike.stream().mapToLong(millis).max().orElse(0);
    String shortest = TimeText.span(Duration.ofMillis(least));
    String longest = TimeText.span(Duration.ofMillis(most));
    return shortest.equals(longest) ? shortest : shortest + " to " + longest;
  }

  private static String past(Container container) {
    if (container.attempt() == 0) {
      return ", was never launched";
    }
    String launched =
        ", was launched " + container.attempt() + (container.attempt() == 1 ? " time" : " times");
    return container.failures() == 0
        ? launched
        : launched + ", failed " + container.failures() + " in a row";
  }

  private void verdicts(Container container) {
    if (container.verdicts().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("AGENT", "HOST", "ROLE", "VERDICT");
    container.verdicts().stream()
        .limit(SHOWN_VERDICTS)
        .forEach(v -> table.row(v.agentId(), v.hostname(), v.role(), verdict(v)));
    table.lines().forEach(line -> lines.add("  " + line));
    int more = Math.max(0, container.verdicts().size() - SHOWN_VERDICTS) + container.unnamed();
    if (more > 0) {
      lines.add("  and " + more + " more");
    }
  }

  private static String verdict(Verdict verdict) {
    return verdict.fits() ? "fits" : verdict.text();
  }

  private static String quantities(List<Quantity> quantities) {
    return quantities.stream().map(WaitingText::quantity).collect(Collectors.joining(", "));
  }

  private static String quantity(Quantity quantity) {
    String number =
        BigDecimal.valueOf(quantity.amount())
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    boolean megabytes = quantity.resource().equals("mem") || quantity.resource().equals("disk");
    return number + (megabytes ? " MB " : " ") + quantity.resource();
  }
}
