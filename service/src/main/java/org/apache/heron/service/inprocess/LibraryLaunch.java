package org.apache.heron.service.inprocess;

import java.util.Map;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.StateKind;

/** Brings a topology to a library scheduler: what the launchers of such schedulers do. */
public final class LibraryLaunch {
  /** Stands for host and port in the location of a scheduler that has no process (upstream's). */
  public static final String ENDPOINT = "scheduler_as_lib_no_endpoint";

  private LibraryLaunch() {}

  /** True if that is the location of a scheduler without a process. */
  public static boolean isLibrary(SchedulerLocation location) {
    return location.getHttpEndpoint().equals(ENDPOINT);
  }

  /**
   * Has the scheduler take the plan, and publishes the job's pages.
   *
   * @param scheduler new; closed here
   * @throws SchedulerException or another exception with a message for the user; nothing is left in
   *     the cluster then, unless the message says so
   */
  public static void run(LaunchContext context, PackingPlan plan, IScheduler scheduler) {
    try (scheduler) {
      scheduler.initialize(
          SchedulerContext.ofLibrary(
              context.cluster(),
              context.local(),
              context.topology(),
              context.state(),
              Map.of(SchedulerContext.PACKAGE_URI, context.packageUri().toString())));
      scheduler.onSchedule(() -> plan);
      try {
        publish(context, scheduler);
      } catch (RuntimeException e) {
        throw takenBack(scheduler, e);
      }
    }
  }

  private static void publish(LaunchContext context, IScheduler scheduler) {
    String topology = context.topology().getName();
    context
        .state()
        .put(
            StateKind.SCHEDULER_LOCATION,
            topology,
            SchedulerLocation.newBuilder()
                .setTopologyName(topology)
                .setHttpEndpoint(ENDPOINT)
                .addAllJobPageLink(scheduler.jobLinks())
                .build());
  }

  private static RuntimeException takenBack(IScheduler scheduler, RuntimeException cause) {
    // What is to be taken back may be so because of an interrupt, which must not stop that.
    boolean interrupted = Thread.interrupted();
    try {
      IScheduler.Outcome outcome = scheduler.onKill();
      return outcome.ok() ? cause : notTakenBack(cause, outcome.message());
    } catch (SchedulerException e) {
      return notTakenBack(cause, e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SchedulerException notTakenBack(RuntimeException cause, String why) {
    return new SchedulerException(
        cause.getMessage() + "; and the containers that were launched are left: " + why, cause);
  }
}
