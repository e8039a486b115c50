package org.apache.heron.client.submit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;

/** Containers that do not run yet, in one line that gives each reason once. */
final class WaitingContainers {
  private static final int SHOWN_REASONS = 3;
  private static final int SHOWN_IDS = 5;

  /** What the reason of each container that waits for offers begins with. */
  private static final String OFFERS = "waits for offers: ";

  private WaitingContainers() {}

  private record Reason(String state, String text) {
    static Reason of(Container container) {
      String text = container.reason() == null ? "" : container.reason();
      return new Reason(
          container.state(), text.startsWith(OFFERS) ? text.substring(OFFERS.length()) : text);
    }

    /** True if who reads the other reads this too. */
    boolean isPartOf(Reason other) {
      return !equals(other)
          && state.equals(other.state)
          && !text.isEmpty()
          && other.text.contains(text);
    }
  }

  /**
   * The line.
   *
   * @param waiting at least one
   */
  static String text(List<Container> waiting) {
    Map<Reason, List<Container>> byReason =
        waiting.stream()
            .collect(Collectors.groupingBy(Reason::of, LinkedHashMap::new, Collectors.toList()));
    List<String> told = new ArrayList<>();
    int silent = 0;
    for (Map.Entry<Reason, List<Container>> each : byReason.entrySet()) {
      boolean said = byReason.keySet().stream().anyMatch(each.getKey()::isPartOf);
      if (!said && told.size() < SHOWN_REASONS) {
        told.add(line(each.getKey(), each.getValue()));
      } else if (!said) {
        silent += each.getValue().size();
      }
    }
    return String.join("; ", told) + (silent == 0 ? "" : "; and " + silent + " more");
  }

  private static String line(Reason reason, List<Container> alike) {
    String ids =
        alike.stream()
            .limit(SHOWN_IDS)
            .map(container -> Integer.toString(container.id()))
            .collect(Collectors.joining(", "));
    int more = alike.size() - SHOWN_IDS;
    return (alike.size() == 1 ? "container " : "containers ")
        + ids
        + (more > 0 ? " and " + more + " more" : "")
        + (alike.size() == 1 ? " is " : " are ")
        + reason.state()
        + (reason.text().isEmpty() ? "" : ": " + reason.text());
  }
}
