package org.apache.heron.framework.core;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.mesos.v1.Protos.TaskState;

/**
 * The life of a container's copy, as two tables: every life against every state that Mesos can
 * report, and against everything else that can happen to it. Each cell is one {@link Reaction}.
 *
 * <p>The states' meanings are those of a framework that is PARTITION_AWARE: TASK_UNREACHABLE and
 * TASK_UNKNOWN say that Mesos does not know, not that the copy is dead.
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
    READY
  }

  /** What can happen to a container besides a task's state. */
  enum Occasion {
    /** Mesos says that the agent is gone or out of reach. */
    AGENT_LOST,
    /** Mesos says that the copy's executor has ended. */
    EXECUTOR_LOST,
    /** The time that the container itself has set has come. */
    DUE,
    /** A user wants it restarted. */
    RESTART,
    /** A user wants the topology killed. */
    KILL
  }

  // STRANGER is any task that is not the current copy of a container: an old attempt, a copy that
  // was given up and has come back, or a task that we do not know at all. It never starts anything.
  private static final String STATES =
      """
                   STAGING STARTING RUNNING KILLING FINISHED FAILED  KILLED  ERROR   LOST    DROPPED UNREACHABLE GONE    GONE_BY_OPERATOR UNKNOWN
      STRANGER     kill    kill     kill    note    note     note    note    note    note    note    note        note    note             note
      LAUNCHING    move    move     move    move    fail     fail    fail    fail    fail    fail    await       fail    replace          fail
      STAGING      note    move     move    move    fail     fail    fail    fail    fail    fail    await       fail    replace          await
      STARTING     note    note     move    move    fail     fail    fail    fail    fail    fail    await       fail    replace          await
      RUNNING      note    note     note    move    fail     fail    fail    fail    fail    fail    await       fail    replace          await
      UNREACHABLE  move    move     move    move    fail     fail    fail    fail    fail    fail    note        fail    replace          note
      KILLING      note    note     note    note    replace  replace replace replace replace replace replace     replace replace          replace
      """;

  private static final String OCCASIONS =
      """
                   AGENT_LOST EXECUTOR_LOST DUE      RESTART KILL
      WAITING      note       note          note     note    note
      BACKING_OFF  note       note          ready    ready   ready
      LAUNCHING    ask        ask           ask      kill    kill
      STAGING      ask        ask           ask      kill    kill
      STARTING     ask        ask           ask      kill    kill
      RUNNING      ask        ask           note     kill    kill
      UNREACHABLE  note       ask           drop     drop    drop
      KILLING      ask        ask           kill     note    kill
      """;

  private static final String STRANGER = "STRANGER";
  private static final Map<String, Map<TaskState, Reaction>> BY_STATE =
      parse(STATES, TaskState.class, "TASK_");
  private static final Map<String, Map<Occasion, Reaction>> BY_OCCASION =
      parse(OCCASIONS, Occasion.class, "");

  private LifeTable() {}

  /** What a state of the container's current copy means. */
  static Reaction onState(Life life, TaskState state) {
    return cell(BY_STATE, life.name(), state);
  }

  /** What a state of any other task means. */
  static Reaction onStrangersState(TaskState state) {
    return cell(BY_STATE, STRANGER, state);
  }

  /** What an occasion means. */
  static Reaction on(Life life, Occasion occasion) {
    return cell(BY_OCCASION, life.name(), occasion);
  }

  private static <C extends Enum<C>> Reaction cell(
      Map<String, Map<C, Reaction>> table, String row, C column) {
    Map<C, Reaction> cells = table.get(row);
    if (cells == null || !cells.containsKey(column)) {
      throw new IllegalStateException("no cell for " + row + " and " + column);
    }
    return cells.get(column);
  }

  private static <C extends Enum<C>> Map<String, Map<C, Reaction>> parse(
      String text, Class<C> columnType, String prefix) {
    List<String> lines = text.lines().toList();
    List<C> columns =
        words(lines.get(0)).stream().map(word -> Enum.valueOf(columnType, prefix + word)).toList();
    Map<String, Map<C, Reaction>> table = new java.util.HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = words(line);
      if (words.size() != columns.size() + 1) {
        throw new IllegalStateException("the row needs " + columns.size() + " cells: " + line);
      }
      Map<C, Reaction> row = new EnumMap<>(columnType);
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), Reaction.valueOf(words.get(i + 1).toUpperCase(Locale.ROOT)));
      }
      table.put(words.get(0), row);
    }
    return table;
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.strip().split("\\s+"));
  }
}
