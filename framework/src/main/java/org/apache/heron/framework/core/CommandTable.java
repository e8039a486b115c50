package org.apache.heron.framework.core;

/** What each command does in each phase. */
final class CommandTable {
  /** What users can ask for. */
  enum Command {
    /** The topology is to end. */
    KILL,
    /** Containers are to be restarted. */
    RESTART,
    /** Other containers are wanted. */
    UPDATE
  }

  /** What a cell says to do. */
  enum Answer {
    /** It is done; answered when it is over. */
    BEGIN,
    /** It is under way: answered with those who wait already. */
    JOIN,
    /** Nothing is left in Mesos to wait for: only our records are to be removed. */
    FINISH,
    /** It has been done before. */
    DONE,
    /** It cannot be done. */
    REFUSE
  }

  private static final String ANSWERS =
      """
                    KILL   RESTART UPDATE
      SERVING       begin  begin   begin
      KILLING       join   refuse  refuse
      TEARING_DOWN  join   refuse  refuse
      KILLED        done   refuse  refuse
      FAILED        begin  refuse  refuse
      REMOVED       finish refuse  refuse
      """;

  private static final Grid<Command, Answer> TABLE =
      new Grid<>(ANSWERS, Command.class, "", Answer.class);

  private CommandTable() {}

  /** What the command does in that phase. */
  static Answer on(Phase phase, Command command) {
    return TABLE.cell(phase.name(), command);
  }
}
