package org.apache.heron.client.runtime;

import java.time.Duration;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.spi.statemgr.StateKind;

/** Restarts containers. */
public final class TopologyRestart {
  /** Stands for all containers. */
  public static final int ALL = -1;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final RuntimeSession session;

  public TopologyRestart(RuntimeSession session) {
    this.session = session;
  }

  /**
   * Restarts.
   *
   * @param container its id, or {@link #ALL}
   * @throws ClientException if there is no such container, or the scheduler does not do it
   */
  public void run(int container) {
    Presence.require(session);
    if (container < ALL) {
      throw new ClientException("There is no container " + container);
    }
    boolean known =
        container <= 0
            || Launchers.plan(session).flatMap(plan -> plan.container(container)).isPresent();
    if (!known) {
      throw new ClientException(
          "Topology '" + session.topology() + "' has no container " + container);
    }
    SchedulerClient scheduler = Schedulers.of(session);
    if (container <= 0) {
      // The topology manager writes it again; until then nobody must believe the old one.
      session.state().delete(StateKind.TMANAGER_LOCATION, session.topology());
    }
    session.progress().stage("restarting");
    Schedulers.require(
        session,
        scheduler.restart(container, LIMIT),
        "Failed to restart topology '" + session.topology() + "'");
  }
}
