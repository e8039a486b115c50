package org.apache.heron.framework.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** The framework's connection with Mesos, as the runtime uses it. Thread-safe; nothing blocks. */
public interface MesosConnection extends AutoCloseable {
  /**
   * Sends a call; the master sees calls in their order.
   *
   * @param taken called once if the master has taken the call, or never
   */
  void send(Call call, Runnable taken);

  /** How many calls wait for their turn to be sent. */
  default int waitingCalls() {
    return 0;
  }

  /** Connects anew, although the master has refused us. */
  void reconnect();

  /**
   * Has the master end a framework by its operator API, which takes no subscription. The listener
   * is told {@link org.apache.heron.framework.core.Event.TornDown}, or {@link
   * org.apache.heron.framework.core.Event.NotTornDown}.
   */
  void tearDown(String frameworkId);

  /** Why there is no subscription, as one line; empty if there is one, or one is on its way. */
  String problem();

  /**
   * True if the master did not accept who we are in the last try; another follows by itself, as
   * files may be corrected. Of a try that is over it is known before the next {@code Connected}.
   */
  default boolean isUnauthorized() {
    return false;
  }

  /**
   * Completes exceptionally if the connection has failed for good: no event comes any more. Else at
   * some time after {@link #close}, or never.
   */
  default CompletionStage<Void> ended() {
    return new CompletableFuture<>();
  }

  /** Ends the connection; tasks go on. Idempotent. */
  @Override
  void close();

  /** Opens a connection that tells what happens to the given listener. */
  @FunctionalInterface
  interface Opener {
    /** Begins to connect; events come from now on, one at a time. */
    MesosConnection open(Consumer<org.apache.heron.framework.core.Event> listener);
  }
}
