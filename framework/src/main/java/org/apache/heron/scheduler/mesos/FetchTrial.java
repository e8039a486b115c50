package org.apache.heron.scheduler.mesos;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Placer;
import org.apache.heron.framework.placement.Round;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Wish;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.framework.task.PackageUri;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;

/**
 * Has an agent's fetcher fetch the core package for a tiny task, which looks whether the executor
 * is in it. The framework is torn down in every case, and the task with it.
 */
final class FetchTrial {
  private static final String CHECK = "fetch";
  private static final Duration REGISTRATION = Duration.ofSeconds(15);
  private static final Size TINY = new Size(100, 32_000, 0, 0);
  private static final String LOOK =
      "test -f heron-core/bin/heron-executor || { ls -l . >&2; exit 7; }";

  /** What {@link #LOOK} ends with, as Mesos writes it. */
  private static final String NO_EXECUTOR = "exited with status 7";

  private final FrameworkInfo framework;
  private final Rules rules;
  private final String uri;
  private final Optional<String> user;
  private final Duration offersLimit;
  private final Duration limit;

  /**
   * @param framework whose roles, principal and user count
   * @param rules where containers may run
   * @param uri of the core package
   * @param user as whom containers run
   * @param offersLimit for an offer that fits
   * @param limit for the fetching
   */
  FetchTrial(
      FrameworkInfo framework,
      Rules rules,
      String uri,
      Optional<String> user,
      Duration offersLimit,
      Duration limit) {
    this.framework = framework;
    this.rules = rules;
    this.uri = uri;
    this.user = user;
    this.offersLimit = offersLimit;
    this.limit = limit;
  }

  /** Tries it; each thing that can go wrong is one finding. */
  void run(MesosConnection.Opener opener, Consumer<Finding> findings) throws InterruptedException {
    try (PassingFramework passing =
        PassingFramework.register(opener, framework, "heron_doctor", REGISTRATION)) {
      findings.accept(launch(passing));
    } catch (SchedulerException e) {
      findings.accept(
          Finding.failed(CHECK, e.getMessage(), "see what is said about the master above"));
    }
  }

  /** On the first offers that fit: there is no need to see all. */
  private Finding launch(PassingFramework passing) throws InterruptedException {
    Map<OfferId, Offer> offers = new LinkedHashMap<>();
    long end = System.nanoTime() + offersLimit.toNanos();
    while (end - System.nanoTime() > 0) {
      Optional<Event> event = passing.next(Duration.ofNanos(end - System.nanoTime()));
      if (event.isEmpty()) {
        break;
      }
      OfferSurvey.keep(event.get(), offers);
      Placement placement = place(offers.values());
      if (!placement.launches().isEmpty()) {
        Launch launch = placement.launches().get(0);
        passing.decline(placement.unused());
        passing.launch(launch.offers(), task(launch));
        return await(passing, launch.hostname());
      }
    }
    passing.decline(offers.keySet());
    return Finding.failed(
        CHECK,
        "none of " + offers.size() + " offers holds " + TINY + " for a trial",
        "wait until the cluster has room, or see heron.mesos.role and heron.mesos.constraints");
  }

  private Placement place(Collection<Offer> offers) {
    return Placer.place(
        Round.of(
                offers.stream().map(Offered::of).toList(),
                List.of(new Wish(new ContainerId(1), TINY)),
                rules.withGang(Rules.Gang.NONE))
            .at(Instant.now()));
  }

  private TaskInfo task(Launch launch) {
    Placed placed = launch.containers().get(0);
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setShell(true)
            .setValue(LOOK)
            // Named as for containers, but not cached: they will fetch what is there now.
            .addUris(new PackageUri(uri, "heron-doctor").toProto().toBuilder().setCache(false));
    user.ifPresent(command::setUser);
    return TaskInfo.newBuilder()
        .setName("heron_doctor")
        .setTaskId(TaskID.newBuilder().setValue("heron-doctor-fetch"))
        .setAgentId(AgentID.newBuilder().setValue(launch.agent().value()))
        .addAllResources(placed.resources())
        .setCommand(command)
        .build();
  }

  private Finding await(PassingFramework passing, String host) throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + limit.toNanos();
    while (end - System.nanoTime() > 0) {
      Optional<Event> event = passing.next(Duration.ofNanos(end - System.nanoTime()));
      if (event.isPresent() && event.get() instanceof Event.TaskUpdated updated) {
        passing.acknowledge(updated.update());
        Optional<Finding> finding = judge(updated.update(), host, System.nanoTime() - begin);
        if (finding.isPresent()) {
          return finding.get();
        }
      }
    }
    return Finding.failed(
        CHECK,
        host + " has not fetched " + uri + " within " + limit.toSeconds() + " s",
        "look at the agent's log; a package this slow delays every container's start");
  }

  private Optional<Finding> judge(StatusUpdate update, String host, long nanos) {
    return switch (update.state()) {
      case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING -> Optional.empty();
      case TASK_FINISHED ->
          Optional.of(
              Finding.ok(
                  CHECK,
                  String.format(
                      Locale.ROOT, "%s has fetched %s, in %.1f s", host, uri, nanos / 1e9)));
      case TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_UNREACHABLE,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR,
          TASK_UNKNOWN ->
          Optional.of(failed(update, host));
    };
  }

  private Finding failed(StatusUpdate update, String host) {
    String said = host + ": " + update.state() + " (" + update.reason() + "): " + update.message();
    if (update.message().contains(NO_EXECUTOR)) {
      return Finding.failed(
          CHECK,
          host + " has fetched " + uri + ", but there is no heron-core/bin/heron-executor in it",
          "have heron.package.core.uri name a heron-core.tar.gz");
    }
    if (update.isSlowStart()) {
      return Finding.failed(
          CHECK, said + ": it had not fetched " + uri + " by then", StatusUpdate.SLOW_START_REMEDY);
    }
    return Finding.failed(
        CHECK,
        said,
        update.reason().contains("FETCH") || update.message().contains("fetch")
            ? "have heron.package.core.uri name what every agent can read: http://, hdfs:// or a"
                + " path that is the same on all hosts"
            : "correct what the agent says; for a user that it does not know, the role in"
                + " cluster/role");
  }
}
