package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;

/**
 * A topology that was submitted, and all that can be done with it: in this process, or by an API
 * server. Every method returns when the thing is done, and throws an exception with a message for
 * the user if it cannot be done; the messages are the same wherever it is carried out. Not
 * thread-safe.
 */
public interface SubmittedTopology extends AutoCloseable {
  /** Lets its spouts emit. */
  void activate() throws InterruptedException;

  /** Stops its spouts. */
  void deactivate() throws InterruptedException;

  /** Ends it and removes every trace of it. */
  void kill() throws InterruptedException;

  /** See {@link TopologyRestart#run}. */
  void restart(int container, int parallel) throws InterruptedException;

  /**
   * Changes it while it runs.
   *
   * @return the text of a dry run
   */
  Optional<String> update(UpdateRequest request) throws InterruptedException;

  /** Starts its scheduler again; returns the scheduler's endpoint. */
  String resumeScheduler() throws InterruptedException;

  /** Starts one more scheduler; returns which process stands by. */
  String standBy() throws InterruptedException;

  /**
   * What its containers wait for.
   *
   * @param container only this one, if present
   */
  Explanation explain(Optional<Integer> container) throws InterruptedException;

  /**
   * What happened to it.
   *
   * @param container only this one, if present
   */
  TopologyHistory history(Optional<Integer> container) throws InterruptedException;

  @Override
  void close();
}
