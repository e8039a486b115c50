package org.apache.heron.client.scheduler;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.UpdateStatus;

/**
 * Commands to what schedules one topology: a process of its own, or a library in this one. A
 * library ends by limits of its own. Thread-safe.
 */
public interface SchedulerClient extends AutoCloseable {
  /** Which scheduler that is, for messages: {@code scheduler at host:port}. */
  String name();

  /** False if it is a process that says nothing just now; a library always answers. */
  boolean answers(Duration limit);

  /** Ends the topology. */
  SchedulerAnswer kill(Duration limit);

  /**
   * Restarts a container.
   *
   * @param container its id, or -1 for all
   * @param parallel how many of all at a time; 0 leaves that to the scheduler's configuration
   */
  SchedulerAnswer restart(int container, int parallel, Duration limit);

  /** Changes the running plan. */
  SchedulerAnswer update(PackingPlan current, PackingPlan proposed, Duration limit);

  /** True if a restart gives a container the size that its plan has by then. */
  boolean resizes();

  /**
   * What the scheduler says of itself.
   *
   * @return empty if it does not answer so just now
   */
  Optional<SchedulerStatus> status(Duration limit);

  /** How its update stands; empty as for {@link #status}. */
  Optional<UpdateStatus> update(Duration limit);

  /**
   * What each container waits for; empty as for {@link #status}.
   *
   * @throws org.apache.heron.spi.scheduler.SchedulerException if a library cannot ask its cluster
   */
  Optional<Explanation> explain(Duration limit);

  /** What happened so far; as for {@link #explain}. */
  Optional<TopologyHistory> history(Duration limit);

  /** Lets go; nothing of the topology ends. */
  @Override
  void close();
}
