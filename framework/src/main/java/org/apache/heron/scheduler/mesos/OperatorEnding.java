package org.apache.heron.scheduler.mesos;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.MasterQuestions;
import org.apache.heron.framework.driver.OperatorTeardown;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a framework by the operator API, on a thread of its own, and tells what came of it.
 * Thread-safe; what is asked while another is under way follows it.
 */
final class OperatorEnding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorEnding.class);

  private final OperatorTeardown teardown;
  private final Consumer<Event> listener;
  private final ExecutorService thread;

  /** No thread is started before something is to be ended. */
  OperatorEnding(DriverOptions options, Consumer<Event> listener) {
    this.teardown = new OperatorTeardown(options);
    this.listener = listener;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "mesos-operator");
              made.setDaemon(true);
              return made;
            });
  }

  /** Begins; does nothing if this is closed. */
  void tearDown(String frameworkId) {
    try {
      thread.execute(() -> end(frameworkId));
    } catch (RejectedExecutionException e) {
      LOG.debug("framework {} is not torn down: the connection is closed", frameworkId, e);
    }
  }

  private void end(String frameworkId) {
    Event told;
    try {
      teardown.tearDown(frameworkId);
      told = new Event.TornDown();
    } catch (MasterQuestions.Unanswered e) {
      told = new Event.NotTornDown(e.getMessage() + ". " + Survivors.teardown(frameworkId));
    } catch (InterruptedException e) {
      LOG.debug("closed while framework {} was being torn down", frameworkId, e);
      return;
    } catch (Throwable e) { // the thread's edge: a kill waits for the answer
      told = new Event.NotTornDown("framework " + frameworkId + " cannot be torn down: " + e);
      LOG.error("framework {} cannot be torn down", frameworkId, e);
    }
    listener.accept(told);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
