package org.apache.heron.framework.core;

import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.framework.identity.TaskId;

/**
 * Questions to Mesos about our tasks that are not answered yet.
 *
 * @param unanswered task ids, sorted
 * @param questions how often they were asked
 * @param first true if these are the questions that a subscription begins with
 */
public record Reconciliation(Set<String> unanswered, int questions, boolean first) {
  static final Reconciliation DONE = new Reconciliation(Set.of(), 0, false);

  boolean isDone() {
    return unanswered.isEmpty();
  }

  Reconciliation answered(TaskId task) {
    if (!unanswered.contains(task.value())) {
      return this;
    }
    Set<String> rest = new TreeSet<>(unanswered);
    rest.remove(task.value());
    return with(rest);
  }

  /** The same questions, of which these are unanswered. */
  Reconciliation with(Set<String> rest) {
    return rest.isEmpty() ? DONE : new Reconciliation(rest, questions, first);
  }
}
