package org.apache.heron.apiserver.command;

import org.apache.heron.client.progress.Progress;

/** Tells a caller what is done for it, and at last the answer. Thread-safe. */
interface Reporter extends Progress {
  /** The answer; nothing is told after it. */
  void end(Command.Answer answer);

  /** A sign of life. */
  void alive();

  /** Runs the action if the caller leaves before the answer; it must not block. */
  void onGone(Runnable action);
}
