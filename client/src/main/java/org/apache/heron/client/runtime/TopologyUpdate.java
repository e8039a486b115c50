package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.dryrun.UpdateDryRun;
import org.apache.heron.client.limits.PlanLimits;
import org.apache.heron.client.scheduler.LongCommand;
import org.apache.heron.client.scheduler.SchedulerAnswer;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.service.update.Journal;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.UpdateStatus;
import org.apache.heron.spi.statemgr.StateKind;

/** Changes a topology while it runs. */
public final class TopologyUpdate {
  /** The scheduler starts, stops and waits for containers before it answers; each has its limit. */
  private static final Duration LIMIT = Duration.ofMinutes(45);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final RuntimeSession session;
  private final Watched watched;

  public TopologyUpdate(RuntimeSession session) {
    this.session = session;
    this.watched = new Watched(session);
  }

  /**
   * Carries out the update, or makes up the text of a dry run.
   *
   * @return the dry run's text
   * @throws ClientException if nothing would change, a component is not known, or the scheduler or
   *     topology manager refuses
   */
  public Optional<String> run(UpdateRequest request) throws InterruptedException {
    Presence.require(session);
    if (!request.runtimeConfig().isEmpty()) {
      TopologyActivation.managerOf(session).updateRuntimeConfig(request.runtimeConfig());
      return Optional.empty();
    }
    if (request.dryRun().isEmpty()) {
      Optional<PackingPlan> unfinished = unfinished();
      if (unfinished.isPresent() && finish(unfinished.get(), request)) {
        return Optional.empty();
      }
    }
    PackingPlan current = current();
    PackingPlan proposed = repack(current, request);
    requireRoom(current, proposed);
    if (request.dryRun().isPresent()) {
      String repacking = session.local().string(Key.REPACKING_CLASS);
      return Optional.of(
          new UpdateDryRun(repacking, session.topology(), current, proposed)
              .render(request.dryRun().get()));
    }
    boolean resizes = resizes();
    session.progress().stage("updating");
    require(send(current, proposed));
    // As the scheduler has written it: with the numbers that the cluster has given.
    PackingPlan written =
        Launchers.plan(session).filter(plan -> !plan.equals(current)).orElse(proposed);
    new SizeAdvice(current, written, resizes)
        .line("heron restart " + session.settings().target().path() + " " + session.topology())
        .ifPresent(session.progress()::info);
    return Optional.empty();
  }

  private boolean resizes() {
    try (SchedulerClient scheduler = Schedulers.of(session)) {
      return scheduler.resizes();
    }
  }

  private void requireRoom(PackingPlan current, PackingPlan proposed) {
    PlanLimits limits = new PlanLimits(session.state().mostBytes());
    limits.require(current, proposed);
    limits.doubt(definition(), proposed).ifPresent(session.progress()::warn);
  }

  private PackingPlan current() {
    return Launchers.plan(session)
        .orElseThrow(
            () -> new ClientException("Topology '" + session.topology() + "' has no packing plan"));
  }

  /** What an update proposed that was cut off. */
  private Optional<PackingPlan> unfinished() {
    return new Journal(session.state(), session.topology(), definition().getId())
        .read()
        .map(Journal.Entry::proposed);
  }

  /** Has an update finished that was cut off; true if that is all that is asked for. */
  private boolean finish(PackingPlan unfinished, UpdateRequest request)
      throws InterruptedException {
    boolean same = asksForNothing(unfinished, request);
    session
        .progress()
        .warn(
            same
                ? "This update was begun and cut off; it goes on"
                : "Another update was begun and cut off; it is finished, or taken back, first");
    SchedulerAnswer answer = send(current(), unfinished);
    if (same) {
      require(answer);
    } else if (answer instanceof SchedulerAnswer.Refused refused) {
      session.progress().warn("The update before: " + refused.message());
    }
    return same;
  }

  private static boolean asksForNothing(PackingPlan plan, UpdateRequest request) {
    return deltas(plan, request).isEmpty()
        && request.containers().filter(wanted -> wanted != plan.containers().size()).isEmpty();
  }

  private SchedulerAnswer send(PackingPlan current, PackingPlan proposed)
      throws InterruptedException {
    SchedulerAnswer answer = ask(current, proposed);
    if (!answer.leavesUnknown()) {
      return answer;
    }
    if (unfinished().isPresent()) {
      watched.follow(
          "the update",
          () -> unfinished().isPresent() ? Optional.empty() : Optional.of("the update has ended"));
      return current().equals(proposed)
          ? new SchedulerAnswer.Done("")
          : new SchedulerAnswer.Refused("it was taken back; the scheduler's log says why");
    }
    // Only the answer was lost: the plan is written when all is done.
    boolean done = !proposed.equals(current) && current().equals(proposed);
    return done ? new SchedulerAnswer.Done("") : answer;
  }

  private SchedulerAnswer ask(PackingPlan current, PackingPlan proposed)
      throws InterruptedException {
    try (SchedulerClient scheduler = Schedulers.of(session)) {
      return LongCommand.awaitOf(
          scheduler,
          () -> scheduler.update(current, proposed, LIMIT),
          () -> isUnderWay(scheduler.update(ANSWER)),
          session.progress());
    }
  }

  /** One that does not say may be at it. */
  private boolean isUnderWay(Optional<UpdateStatus> said) {
    said.filter(status -> status.underWay() && !status.step().isEmpty())
        .ifPresent(status -> session.progress().stage(status.step()));
    return said.isEmpty() || said.get().underWay();
  }

  private void require(SchedulerAnswer answer) {
    Schedulers.require(
        session,
        answer,
        "Failed to update topology with Scheduler, updateTopologyRequest for topology '"
            + session.topology()
            + "'");
    if (answer instanceof SchedulerAnswer.Done done && !done.message().isEmpty()) {
      session.progress().info(done.message());
    }
  }

  private PackingPlan repack(PackingPlan current, UpdateRequest request) {
    Map<String, Integer> deltas = deltas(current, request);
    if (asksForNothing(current, request)) {
      throw new ClientException(
          request.parallelism().isEmpty()
              ? "The container number request ("
                  + request.containers().orElse(0)
                  + ") is the same as the current topology's. Not taking action."
              : "The component parallelism request ("
                  + String.join(",", request.parallelism())
                  + ") is the same as the current topology parallelism. Not taking action.");
    }
    Config local = session.local();
    Topology topology = definition();
    session.progress().stage("packing");
    try (IRepacking repacking = session.plugins().repacking(local)) {
      repacking.initialize(local, topology);
      return request.containers().isPresent()
          ? repacking.repack(current, request.containers().get(), deltas)
          : repacking.repack(current, deltas);
    } catch (UnsupportedOperationException e) {
      // What the interface has a repacking say that cannot do this.
      throw new ClientException(e.getMessage(), e);
    }
  }

  private Topology definition() {
    return session
        .state()
        .get(StateKind.TOPOLOGY, session.topology())
        .orElseThrow(
            () -> new ClientException("Topology '" + session.topology() + "' does not exist"));
  }

  private static Map<String, Integer> deltas(PackingPlan current, UpdateRequest request) {
    Map<String, Integer> running = current.componentCounts();
    Map<String, Integer> deltas = new LinkedHashMap<>();
    Map<String, Integer> all = new LinkedHashMap<>(running);
    for (String change : request.parallelism()) {
      int colon = change.lastIndexOf(':');
      String component = change.substring(0, colon);
      Integer before = running.get(component);
      if (before == null) {
        throw new ClientException(
            "Invalid component name in update request: "
                + component
                + "; the components are "
                + String.join(", ", running.keySet()));
      }
      int wanted = number(change.substring(colon + 1), change);
      all.put(component, wanted);
      if (wanted == before) {
        deltas.remove(component);
      } else {
        deltas.put(component, wanted - before);
      }
    }
    PlanLimits.requireCountable(
        all.values(), "--component-parallelism " + String.join(",", request.parallelism()));
    return deltas;
  }

  private static int number(String text, String change) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // A number that does not fit: reported with the rest.
    }
    throw new ClientException(
        "Invalid value '" + change + "' of --component-parallelism: at least 1, and below 2^31");
  }
}
