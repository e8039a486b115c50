package org.apache.heron.framework.simulation;

import java.time.Instant;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.storage.FrameworkStore;

/** How a scheduler is broken on purpose, to see that the simulation notices. */
interface Surgery {
  /** None: the scheduler as it is. */
  Surgery NONE = new Surgery() {};

  /** What the core is told of its topology. */
  default Blueprint blueprint(Blueprint real) {
    return real;
  }

  /** What is decided in place of the core. */
  default Decision decide(Core core, State state, Event event, Instant now) {
    return core.decide(state, event, now);
  }

  /**
   * The store in place of the real one.
   *
   * @param later does something a while later
   */
  default FrameworkStore store(FrameworkStore real, Consumer<Runnable> later) {
    return real;
  }

  /** True if the scheduler goes on although it does not know whether it leads. */
  default boolean ignoresDoubt() {
    return false;
  }

  /** True if the scheduler takes in any number of messages. */
  default boolean takesAnyNumber() {
    return false;
  }

  /** True if transactions are made although another writer has taken over. */
  default boolean writesUnfenced() {
    return false;
  }
}
