package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.List;

/** Container ids for people. */
final class ContainerNumbers {
  private static final int SHOWN_RANGES = 12;

  private ContainerNumbers() {}

  /**
   * {@code container 3}, {@code containers 0, 5–40 (37)}.
   *
   * @param ids in their order, at least one
   */
  static String text(List<Integer> ids) {
    return ids.size() == 1
        ? "container " + ids.get(0)
        : "containers " + ranges(ids) + " (" + ids.size() + ")";
  }

  /** {@code 0, 5–40}; of very many ranges the first. */
  static String ranges(List<Integer> ids) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= ids.size(); i++) {
      if (i == ids.size() || ids.get(i) != ids.get(i - 1) + 1) {
        ranges.add(range(ids.get(first), ids.get(i - 1)));
        first = i;
      }
    }
    return ranges.size() <= SHOWN_RANGES
        ? String.join(", ", ranges)
        : String.join(", ", ranges.subList(0, SHOWN_RANGES)) + ", …";
  }

  private static String range(int from, int to) {
    if (from == to) {
      return Integer.toString(from);
    }
    return from + (to == from + 1 ? ", " : "–") + to;
  }
}
