package org.apache.heron.framework.core;

import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.framework.identity.TaskId;

/**
 * Questions to Mesos about our tasks that are not answered yet.
 *
 * @param unanswered task ids, sorted
 * @param questions how often they were asked
 */
public record Reconciliation(Set<String> unanswered, int questions) {
  static final Reconciliation DONE = new Reconciliation(Set.of(), 0);

  boolean isDone() {
    return unanswered.isEmpty();
  }

  Reconciliation answered(TaskId task) {
    if (!unanswered.contains(task.value())) {
      return this;
    }
    Set<String> rest = new TreeSet<>(unanswered);
    rest.remove(task.value());
    return rest.isEmpty() ? DONE : new Reconciliation(rest, questions);
  }
}
