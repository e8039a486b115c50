package org.apache.heron.framework.core;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.framework.identity.TaskId;

/**
 * Asks Mesos what it knows of our tasks: after a new subscription for each on record until it is
 * answered, then for all that there are, now and again. That is the order of Mesos' guide to
 * reconciliation. A task that nobody answers for (its agent may be on its way to a new master) does
 * not keep the others from being looked for.
 */
final class Reconciling {

  /** After a new subscription: asks for every task on record, then for those that are not. */
  void begin(Turn turn) {
    Set<String> unanswered = new TreeSet<>();
    turn.containers.forEach(
        container -> container.task().ifPresent(task -> unanswered.add(task.id().value())));
    turn.reconciliation = new Reconciliation(unanswered, 0, true);
    if (unanswered.isEmpty()) {
      sweep(turn);
    } else {
      ask(turn);
      turn.timer(new Timer.Sweep(), turn.now.plus(turn.timing().reconcileLongest()));
    }
  }

  /** Mesos has said how that task is. */
  void answered(Turn turn, TaskId task) {
    become(turn, turn.reconciliation.answered(task));
  }

  private void become(Turn turn, Reconciliation next) {
    boolean over = turn.reconciliation.first() && next.isDone();
    turn.reconciliation = next;
    if (over) {
      sweep(turn);
    }
  }

  /** Asks for one task more. */
  void add(Turn turn, Task task) {
    if (!turn.isSubscribed()) {
      return;
    }
    Reconciliation before = turn.reconciliation;
    Set<String> unanswered = new TreeSet<>(before.unanswered());
    unanswered.add(task.id().value());
    turn.reconciliation = new Reconciliation(unanswered, before.questions(), before.first());
    turn.send(Calls.reconcile(turn.id(), List.of(task)));
    if (before.isDone()) {
      turn.reconciliation = new Reconciliation(unanswered, 1, false);
      turn.timer(new Timer.Reconcile(), turn.now.plus(turn.timing().askAgain(1)));
    }
  }

  /** The wait for answers is over. */
  void askAgain(Turn turn) {
    // Copies that are gone by now need no answer.
    Set<String> current = new TreeSet<>();
    turn.containers.forEach(
        container -> container.task().ifPresent(task -> current.add(task.id().value())));
    current.retainAll(turn.reconciliation.unanswered());
    become(turn, turn.reconciliation.with(current));
    ask(turn);
  }

  private static void ask(Turn turn) {
    if (!turn.isSubscribed() || turn.reconciliation.isDone()) {
      return;
    }
    Set<String> wanted = turn.reconciliation.unanswered();
    List<Task> tasks =
        turn.containers.stream()
            .flatMap(container -> container.task().stream())
            .filter(task -> wanted.contains(task.id().value()))
            .toList();
    int questions = turn.reconciliation.questions() + 1;
    turn.reconciliation = new Reconciliation(wanted, questions, turn.reconciliation.first());
    turn.send(Calls.reconcile(turn.id(), tasks));
    turn.timer(new Timer.Reconcile(), turn.now.plus(turn.timing().askAgain(questions)));
  }

  /**
   * Asks for all tasks that Mesos knows of us, so that those that we do not know are found and
   * killed: the implicit reconciliation of Mesos' framework guide.
   */
  void sweep(Turn turn) {
    if (turn.mayAct()) {
      turn.send(Calls.reconcile(turn.id(), List.of()));
      turn.timer(new Timer.Sweep(), turn.now.plus(turn.timing().sweepEvery()));
    }
  }
}
