package org.apache.heron.client.runtime;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;

/**
 * The copies that a restart is to replace, and how many it has: by what one scheduler says, or the
 * next that takes its place. What has been seen to be replaced counts, whatever becomes of it then.
 * Not thread-safe.
 */
final class Replacements {
  /** Task ids by container. */
  private final Map<Integer, String> before = new TreeMap<>();

  private final Set<Integer> replaced = new TreeSet<>();

  /**
   * Those that are there now. A container without copy has none to be replaced.
   *
   * @param chosen which containers are to be restarted
   */
  static Replacements of(SchedulerStatus status, IntPredicate chosen) {
    Replacements all = new Replacements();
    status.containers().stream()
        .filter(each -> chosen.test(each.id()) && hasCopy(each))
        .forEach(each -> all.before.put(each.id(), each.taskId()));
    return all;
  }

  /** Where it is not known which those are. */
  static Replacements unknown() {
    return new Replacements();
  }

  private static boolean hasCopy(Container container) {
    return container.taskId() != null && !container.taskId().isEmpty();
  }

  boolean isEmpty() {
    return before.isEmpty();
  }

  /** Takes note of what is there now. */
  void look(SchedulerStatus status) {
    status.containers().stream()
        .filter(each -> before.containsKey(each.id()) && runs(each) && hasCopy(each))
        .filter(each -> !each.taskId().equals(before.get(each.id())))
        .forEach(each -> replaced.add(each.id()));
  }

  private static boolean runs(Container container) {
    return "RUNNING".equals(container.state());
  }

  /** Those that have not been seen to be replaced. */
  Set<Integer> left() {
    Set<Integer> left = new TreeSet<>(before.keySet());
    left.removeAll(replaced);
    return left;
  }

  /** Containers that are not wanted any more do not count any more. */
  void forget(Collection<Integer> containers) {
    before.keySet().removeAll(containers);
    replaced.removeAll(containers);
  }

  /** True if some of those that are left are not there at all. */
  boolean isSomeoneGone(SchedulerStatus status) {
    Set<Integer> gone = left();
    status.containers().forEach(each -> gone.remove(each.id()));
    return !gone.isEmpty();
  }

  /**
   * True if some are left, and a scheduler that leads says that it restarts none of them. One that
   * does not say it may do so.
   */
  boolean isGivenUp(SchedulerStatus status) {
    Set<Integer> left = left();
    return status.phase() == SchedulerStatus.Phase.RUNNING
        && !left.isEmpty()
        && status
            .toRenew()
            .filter(renewing -> left.stream().noneMatch(renewing::contains))
            .isPresent();
  }

  /** How far it is: {@code 3 of 10 restarted}. */
  String counts() {
    return replaced.size() + " of " + before.size() + " restarted";
  }

  /** The same, with one that does not run: of those that are left, if there is such a one. */
  String counts(SchedulerStatus status) {
    Set<Integer> left = left();
    Optional<Container> moving =
        status.containers().stream()
            .filter(each -> before.containsKey(each.id()) && !runs(each))
            .min(Comparator.comparing(each -> !left.contains(each.id())));
    return counts()
        + moving.map(each -> "; container " + each.id() + " is " + each.state()).orElse("");
  }
}
