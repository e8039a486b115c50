package org.apache.heron.framework.core;

import java.util.Set;
import org.apache.mesos.v1.Protos.TaskState;

/**
 * The life of a container's copy, as two tables: every life against every state that Mesos can
 * report, and against everything else that can happen to it. Each cell is one {@link Reaction}.
 *
 * <p>The states' meanings are those of a framework that is PARTITION_AWARE: TASK_UNREACHABLE and
 * TASK_UNKNOWN say that Mesos does not know, not that the copy is dead. A new master says
 * TASK_UNKNOWN of everything until the agent is back, also of a launch that the former has passed
 * on; of a launch that was lost it says TASK_GONE then.
 */
final class LifeTable {
  /** What a cell says to do. */
  enum Reaction {
    /** Nothing is new. */
    NOTE,
    /** The copy is in the life that the state names. */
    MOVE,
    /** The copy is dead and has failed: back off, then launch anew. */
    FAIL,
    /** The copy is dead through no fault of its own: launch anew at once. */
    REPLACE,
    /** The copy may be alive out of sight: wait for it, replace it if it stays away. */
    AWAIT,
    /** Kill the copy, and wait until it is dead. */
    KILL,
    /** Kill the copy when it is seen again, and launch anew without waiting. */
    DROP,
    /** Ask Mesos what has become of the copy. */
    ASK,
    /** The back-off is over: wait for an offer. */
    READY,
    /** There is no copy to wait for: the container is forgotten. */
    FORGET
  }

  /** What can happen to a container besides a task's state. */
  enum Occasion {
    /** Mesos says that the agent is gone or out of reach. */
    AGENT_LOST,
    /** Mesos says that the copy's executor has ended. */
    EXECUTOR_LOST,
    /** The time that the container itself has set has come. */
    DUE,
    /** Its copy is to be replaced: a user wants it, its size or its agent is no longer right. */
    RENEW,
    /** It is no longer in the plan. */
    REMOVE,
    /** A user wants the topology killed. */
    KILL
  }

  // STRANGER is any task that is not the current copy of a container: an old attempt, a copy that
  // was given up and has come back, or a task that we do not know at all. It never starts anything.
  //
  // A copy that is lost with its agent before it ran may have been refused for what it is, so that
  // counts as a failure; one that has run is replaced at once.
  private static final String STATES =
      """
                   STAGING STARTING RUNNING KILLING FINISHED FAILED  KILLED  ERROR   LOST    DROPPED UNREACHABLE GONE    GONE_BY_OPERATOR UNKNOWN
      STRANGER     kill    kill     kill    note    note     note    note    note    note    note    note        note    note             note
      LAUNCHING    move    move     move    move    fail     fail    fail    fail    fail    fail    await       replace replace          await
      STAGING      note    move     move    move    fail     fail    fail    fail    fail    fail    await       replace replace          await
      STARTING     note    note     move    move    fail     fail    fail    fail    fail    fail    await       replace replace          await
      RUNNING      note    note     note    move    fail     fail    fail    fail    replace replace await       replace replace          await
      UNREACHABLE  move    move     move    move    fail     fail    fail    fail    replace replace note        replace replace          note
      KILLING      note    note     note    note    replace  replace replace replace replace replace replace     replace replace          replace
      """;

  // Where the life shows no copy, an occasion that is about one comes too late.
  private static final String OCCASIONS =
      """
                   AGENT_LOST EXECUTOR_LOST DUE      RENEW   REMOVE  KILL
      WAITING      note       note          note     note    forget  note
      BACKING_OFF  note       note          ready    ready   forget  ready
      LAUNCHING    ask        ask           ask      kill    kill    kill
      STAGING      ask        ask           ask      kill    kill    kill
      STARTING     ask        ask           ask      kill    kill    kill
      RUNNING      ask        ask           note     kill    kill    kill
      UNREACHABLE  note       ask           drop     drop    drop    drop
      KILLING      ask        ask           kill     note    kill    kill
      """;

  // An end for one of these reasons is the agent's or the master's doing: where the table says
  // FAIL,
  // it is a REPLACE. There is no tight circle in it, for each needs an offer from elsewhere, or a
  // new one (recordings drain, agent-gone, agent-lost-not-partition-aware, invalid-launches).
  private static final Set<String> BLAMELESS =
      Set.of(
          "REASON_AGENT_DRAINING",
          "REASON_AGENT_REMOVED",
          "REASON_AGENT_REMOVED_BY_OPERATOR",
          "REASON_AGENT_UNKNOWN",
          "REASON_AGENT_DISCONNECTED",
          "REASON_INVALID_OFFERS");

  private static final String STRANGER = "STRANGER";
  private static final Grid<TaskState, Reaction> BY_STATE =
      new Grid<>(STATES, TaskState.class, "TASK_", Reaction.class);
  private static final Grid<Occasion, Reaction> BY_OCCASION =
      new Grid<>(OCCASIONS, Occasion.class, "", Reaction.class);

  private LifeTable() {}

  /** What a status of the container's current copy means. */
  static Reaction onUpdate(Life life, TaskState state, String reason) {
    Reaction reaction = BY_STATE.cell(life.name(), state);
    return reaction == Reaction.FAIL && BLAMELESS.contains(reason) ? Reaction.REPLACE : reaction;
  }

  /** What a state of any other task means. */
  static Reaction onStrangersState(TaskState state) {
    return BY_STATE.cell(STRANGER, state);
  }

  /** What an occasion means. */
  static Reaction on(Life life, Occasion occasion) {
    return BY_OCCASION.cell(life.name(), occasion);
  }
}
