package org.apache.heron.client.progress;

/** Tells the user what a command is doing; implementations are thread-safe and do not throw. */
public interface Progress {
  /** What is being done now; replaces the stage before. Empty: nothing worth telling. */
  void stage(String text);

  /** Something that was done. */
  void info(String line);

  /** Something that the user should know, though it stops nothing. */
  void warn(String line);

  /** A line that a user's program wrote to its standard output. */
  void programOutput(String line);

  /** A line that a user's program wrote to its standard error. */
  void programError(String line);

  /** Tells nobody what its implementations do not tell. */
  interface Quiet extends Progress {
    @Override
    default void stage(String text) {}

    @Override
    default void info(String line) {}

    @Override
    default void warn(String line) {}

    @Override
    default void programOutput(String line) {}

    @Override
    default void programError(String line) {}
  }

  /** Tells nobody. */
  Progress NONE = new Quiet() {};
}
