package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Size;

/**
 * A container as the framework sees it. Immutable.
 *
 * @param size what it needs; its present copy may have been launched with another
 * @param aim what is wanted of it
 * @param since when it came into this life
 * @param attempt how many copies were launched so far; on record before each launch
 * @param failures in a row, for the back-off; 0 again after a long run
 * @param reason why the last copy ended, or why none runs; empty if there is nothing to say
 * @param due when the core looks at it again of itself: the end of a back-off, of patience with an
 *     agent, or the next KILL
 * @param task the current copy, present exactly if {@code life.hasTask()}
 * @param history what has happened to it
 */
public record Container(
    ContainerId id,
    Size size,
    Aim aim,
    Life life,
    Instant since,
    int attempt,
    int failures,
    String reason,
    Optional<Instant> due,
    Optional<Task> task,
    History history) {

  public Container {
    if (task.isPresent() != life.hasTask()) {
      throw new IllegalArgumentException(
          "container " + id + " is " + life + (task.isPresent() ? " with" : " without") + " task");
    }
  }

  /** A container that was never launched. */
  public static Container fresh(ContainerId id, Size size, Instant now) {
    return fresh(id, size, 0, now);
  }

  /** The same, whose first copy has the attempt number after that one. */
  public static Container fresh(ContainerId id, Size size, int attempt, Instant now) {
    return new Container(
        id,
        size,
        Aim.RUN,
        Life.WAITING,
        now,
        attempt,
        0,
        "",
        Optional.empty(),
        Optional.empty(),
        History.NONE);
  }

  /** The current copy of a container that has one. */
  public Task currentTask() {
    return task.orElseThrow(() -> new IllegalStateException("container " + id + " has no task"));
  }

  /** True if that is the id of the current copy. */
  boolean isCurrent(TaskId taskId) {
    return task.isPresent() && task.get().id().equals(taskId);
  }

  /** Without copy, to be launched as soon as an offer fits. */
  Container waiting(String why, Instant now) {
    return new Container(
        id,
        size,
        aimWithoutCopy(),
        Life.WAITING,
        now,
        attempt,
        failures,
        why,
        Optional.empty(),
        Optional.empty(),
        history);
  }

  /** Without copy, to be launched after the back-off. */
  Container backingOff(String why, Timing timing, Instant now) {
    int inARow = timing.settled(this, now) ? 1 : failures + 1;
    Instant retry = now.plus(timing.backOff(inARow));
    return new Container(
        id,
        size,
        aimWithoutCopy(),
        Life.BACKING_OFF,
        now,
        attempt,
        inARow,
        why,
        Optional.of(retry),
        Optional.empty(),
        history);
  }

  /** With a new copy on its way. */
  Container launching(Task copy, Instant lookAgain, Instant now) {
    return new Container(
        id,
        size,
        aim,
        Life.LAUNCHING,
        now,
        attempt + 1,
        failures,
        reason,
        Optional.of(lookAgain),
        Optional.of(copy),
        history);
  }

  /** The same copy in another life. */
  Container moved(Life next, Timing timing, Instant now) {
    int inARow = timing.settled(this, now) ? 0 : failures;
    return new Container(id, size, aim, next, now, attempt, inARow, reason, due, task, history);
  }

  Container withDue(Optional<Instant> when) {
    return new Container(
        id, size, aim, life, since, attempt, failures, reason, when, task, history);
  }

  Container withReason(String why) {
    return new Container(id, size, aim, life, since, attempt, failures, why, due, task, history);
  }

  /** The same with another aim. */
  public Container withAim(Aim next) {
    return new Container(
        id, size, next, life, since, attempt, failures, reason, due, task, history);
  }

  /** With one more thing that has happened to it. */
  Container happened(Happening happening) {
    return new Container(
        id,
        size,
        aim,
        life,
        since,
        attempt,
        failures,
        reason,
        due,
        task,
        history.with(happening, History.Bounds.CONTAINER));
  }

  /** Whose next copy has an attempt number above that one. */
  Container withAttemptAbove(int taken) {
    return taken <= attempt
        ? this
        : new Container(id, size, aim, life, since, taken, failures, reason, due, task, history);
  }

  Container withSize(Size next) {
    return new Container(id, next, aim, life, since, attempt, failures, reason, due, task, history);
  }

  // A copy that is gone needs no replacing any more.
  private Aim aimWithoutCopy() {
    return aim == Aim.RENEW ? Aim.RUN : aim;
  }

  /** True if it is to be gone and nothing of it is left. */
  boolean isGone() {
    return aim == Aim.REMOVE && !life.hasTask();
  }
}
