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
    turn.reconciliation = new Reconciliation(current(turn), 0, true);
    if (turn.reconciliation.isDone()) {
      turn.reconciliation = Reconciliation.DONE;
      askForAll(turn);
    } else {
      ask(turn);
      turn.timer(new Timer.Sweep(), turn.now.plus(turn.timing().reconcileLongest()));
    }
  }

  /** The tasks that we know of. */
  private static Set<String> current(Turn turn) {
    Set<String> tasks = new TreeSet<>();
    turn.containers.forEach(
        container -> container.task().ifPresent(task -> tasks.add(task.id().value())));
    return tasks;
  }

  /** Mesos has said how that task is. */
  void answered(Turn turn, TaskId task) {
    become(turn, turn.reconciliation.answered(task));
  }

  private void become(Turn turn, Reconciliation next) {
    boolean over = turn.reconciliation.first() && next.isDone();
    turn.reconciliation = next;
    if (over) {
      askForAll(turn);
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
    Set<String> current = current(turn);
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
   * killed: the implicit reconciliation of Mesos' framework guide. Those that we know and Mesos
   * does not speak of are asked for by name a while later: the end of a task may be lost with its
   * agent before we were told. So nothing is asked for by name that has been answered for anyhow.
   */
  void sweep(Turn turn) {
    if (!turn.mayAct()) {
      return;
    }
    Reconciliation before = turn.reconciliation;
    // Whoever is asked for since the subscription is asked for by name anyhow.
    Set<String> wanted = before.first() ? before.unanswered() : current(turn);
    turn.reconciliation =
        wanted.isEmpty()
            ? Reconciliation.DONE
            : new Reconciliation(wanted, before.questions(), false);
    if (before.isDone() && !wanted.isEmpty()) {
      turn.timer(new Timer.Reconcile(), turn.now.plus(turn.timing().askAgain(1)));
    }
    askForAll(turn);
  }

  private static void askForAll(Turn turn) {
    if (turn.mayAct()) {
      turn.send(Calls.reconcile(turn.id(), List.of()));
      sweepLater(turn);
    }
  }

  /** Has all tasks asked for at intervals from here on. */
  static void sweepLater(Turn turn) {
    turn.timer(new Timer.Sweep(), turn.now.plus(turn.timing().sweepEvery()));
  }
}
