package org.apache.heron.framework.core;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Asks Mesos what it knows of our tasks, until each is answered. */
final class Reconciling {

  /** After a new subscription: asks for every task on record, and for those that are not. */
  void begin(Turn turn) {
    Set<String> unanswered = new TreeSet<>();
    turn.containers.forEach(
        container -> container.task().ifPresent(task -> unanswered.add(task.id().value())));
    turn.reconciliation = new Reconciliation(unanswered, 0);
    ask(turn);
    sweep(turn);
  }

  /** Asks for one task more. */
  void add(Turn turn, Task task) {
    if (!turn.isSubscribed()) {
      return;
    }
    boolean idle = turn.reconciliation.isDone();
    Set<String> unanswered = new TreeSet<>(turn.reconciliation.unanswered());
    unanswered.add(task.id().value());
    turn.reconciliation = new Reconciliation(unanswered, turn.reconciliation.questions());
    turn.send(Calls.reconcile(turn.id(), List.of(task)));
    if (idle) {
      turn.reconciliation = new Reconciliation(unanswered, 1);
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
    turn.reconciliation =
        current.isEmpty()
            ? Reconciliation.DONE
            : new Reconciliation(current, turn.reconciliation.questions());
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
    turn.reconciliation = new Reconciliation(wanted, questions);
    turn.send(Calls.reconcile(turn.id(), tasks));
    turn.timer(new Timer.Reconcile(), turn.now.plus(turn.timing().askAgain(questions)));
  }

  /**
   * Asks for all tasks that Mesos knows of us, so that those that we do not know are found and
   * killed: the implicit reconciliation of Mesos' framework guide.
   */
  void sweep(Turn turn) {
    if (turn.isSubscribed()) {
      turn.send(Calls.reconcile(turn.id(), List.of()));
      turn.timer(new Timer.Sweep(), turn.now.plus(turn.timing().sweepEvery()));
    }
  }
}
