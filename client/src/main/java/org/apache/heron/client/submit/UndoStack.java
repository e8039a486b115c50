package org.apache.heron.client.submit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.heron.client.progress.Progress;

/** What was done and how to take it back, last first. Not thread-safe. */
final class UndoStack {
  private final Progress progress;
  private final Deque<Step> steps = new ArrayDeque<>();

  /** How to take one step back. */
  interface Undo {
    /** May throw: the other steps are taken back all the same. */
    void run() throws Exception;
  }

  private record Step(String what, Undo undo) {}

  UndoStack(Progress progress) {
    this.progress = progress;
  }

  /**
   * Notes a step that was done.
   *
   * @param what is left behind if it cannot be taken back, for the user
   */
  void done(String what, Undo undo) {
    steps.push(new Step(what, undo));
  }

  /** Keeps everything. */
  void commit() {
    steps.clear();
  }

  /** Takes everything back; what cannot be is told to the user, and the rest goes on. */
  void unwind() {
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.undo().run();
      } catch (InterruptedException e) {
        // The command is ending anyway: the remaining steps matter more.
        progress.warn("Interrupted while removing " + step.what());
      } catch (Exception e) {
        // A step's own code, of any class that the configuration names: the edge of this task.
        progress.warn("Cannot remove " + step.what() + ": " + e.getMessage());
      }
    }
  }
}
