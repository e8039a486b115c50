package org.apache.heron.framework.core;

import java.util.Set;
import org.apache.heron.framework.identity.TaskId;

/**
 * Questions to Mesos about our tasks that are not answered yet.
 *
 * @param unanswered task ids, sorted
 * @param questions how often they were asked
 * @param first true if these are the questions that a subscription begins with
 */
public record Reconciliation(Set<String> unanswered, int questions, boolean first) {
  static final Reconciliation DONE = new Reconciliation(Questions.NONE, 0, false);

  public Reconciliation {
    unanswered = unanswered instanceof Questions ? unanswered : Questions.of(unanswered);
  }

  boolean isDone() {
    return unanswered.isEmpty();
  }

  Reconciliation answered(TaskId task) {
    if (!(unanswered instanceof Questions asked) || !asked.contains(task.value())) {
      return this;
    }
    return with(asked.without(task.value()));
  }

  /** The same questions, of which these are unanswered. */
  Reconciliation with(Set<String> rest) {
    return rest.isEmpty() ? DONE : new Reconciliation(rest, questions, first);
  }
}
