package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.statemgr.StateKind;

/** Starts the scheduler process of a topology again, which finds its running containers. */
public final class SchedulerResume {
  private final RuntimeSession session;

  public SchedulerResume(RuntimeSession session) {
    this.session = session;
  }

  /**
   * Returns the scheduler's endpoint when it answers there.
   *
   * @throws ClientException if one runs already, or none can be started
   */
  public String run() {
    Presence.require(session);
    Schedulers.requireProcess(session);
    Optional<SchedulerLocation> running = location();
    if (running.isPresent() && answers(running.get())) {
      throw new ClientException(
          "The scheduler of topology '"
              + session.topology()
              + "' runs at "
              + running.get().getHttpEndpoint());
    }
    PackingPlan plan =
        Launchers.plan(session)
            .orElseThrow(
                () ->
                    new ClientException(
                        "Topology '"
                            + session.topology()
                            + "' has no packing plan: its submit was cut off; heron kill removes the"
                            + " rest"));
    session.progress().stage("starting the scheduler");
    try (ILauncher launcher = Launchers.of(session)) {
      if (!launcher.resume(plan)) {
        throw new ClientException(
            "Topology '"
                + session.topology()
                + "' does not run: it was never registered with the cluster, or a kill that was cut"
                + " off is now finished; heron kill removes what is left of it");
      }
      launcher.schedulerLog().ifPresent(log -> session.progress().info("Scheduler's log: " + log));
    }
    return location().map(SchedulerLocation::getHttpEndpoint).orElse("");
  }

  private Optional<SchedulerLocation> location() {
    return session.state().get(StateKind.SCHEDULER_LOCATION, session.topology());
  }

  /** True if the scheduler that is on record answers. */
  boolean answers() {
    return location().filter(this::answers).isPresent();
  }

  private boolean answers(SchedulerLocation location) {
    try (SchedulerClient client = session.schedulers().of(location)) {
      return client.status(Duration.ofSeconds(5)).isPresent();
    }
  }
}
