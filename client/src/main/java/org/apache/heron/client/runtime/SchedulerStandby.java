package org.apache.heron.client.runtime;

import org.apache.heron.client.ClientException;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.statemgr.StateKind;

/** Starts one more scheduler process of a topology, which takes over when the leading one ends. */
public final class SchedulerStandby {
  private final RuntimeSession session;

  public SchedulerStandby(RuntimeSession session) {
    this.session = session;
  }

  /**
   * Returns which process stands by, and where it logs, when it waits.
   *
   * @throws ClientException if there is nothing to stand by for
   */
  public String run() {
    Presence.require(session);
    Schedulers.requireProcess(session);
    if (!session.state().exists(StateKind.PACKING_PLAN, session.topology())) {
      throw new ClientException(
          "Topology '"
              + session.topology()
              + "' has no packing plan: its submit was cut off; heron kill removes the rest");
    }
    session.progress().stage("starting a scheduler that stands by");
    try (ILauncher launcher = Launchers.of(session)) {
      return launcher.standBy();
    }
  }
}
