package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/** How frameworks come, go, come back and end. Used on the master's thread. */
final class FrameworkLife {
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365L * 100);

  private final ClusterState state;
  private final MasterLoop loop;
  private final MasterOptions options;
  private final Offers offers;

  FrameworkLife(ClusterState state, MasterLoop loop, MasterOptions options, Offers offers) {
    this.state = state;
    this.loop = loop;
    this.options = options;
    this.offers = offers;
  }

  /** SUBSCRIBE: a first time, again, or in place of another scheduler of the same framework. */
  void subscribe(Call.Subscribe call, EventStream stream) {
    Optional<String> refusal = refusal(call);
    if (refusal.isPresent()) {
      stream.fail(refusal.get());
      return;
    }
    FrameworkInfo info = call.getFrameworkInfo();
    if (info.getId().getValue().isEmpty()) {
      info = info.toBuilder().setId(state.newFrameworkId()).build();
    }
    Framework framework = state.frameworks.get(info.getId());
    boolean returned = framework != null;
    if (returned) {
      info = kept(framework.info(), info);
      refusal = changeRefusal(framework.info(), info);
      if (refusal.isPresent()) {
        stream.fail(refusal.get());
        return;
      }
    }
    boolean wasConnected = returned && framework.isConnected();
    if (framework == null) {
      framework = new Framework(info, false, state.now());
      state.frameworks.put(framework.id(), framework);
    }
    if (wasConnected) {
      framework.stream().ifPresent(old -> old.fail("Framework failed over"));
      offers.takeAll(framework.id());
    }
    framework.describe(info, call.getOfferConstraints(), call.getSuppressedRolesList());
    framework.connect(stream, state.now());
    greet(framework, stream);
    if (returned) {
      FrameworkInfo current = framework.info();
      state.agents.values().stream()
          .filter(Agent::isConnected)
          .forEach(agent -> agent.link().frameworkUpdated(current));
    }
    // A framework that merely changes its connection waits for the next round (failover.jsonl).
    if (!wasConnected) {
      offers.filters().clear(framework.id());
      offers.allocate();
    }
  }

  private Optional<String> refusal(Call.Subscribe call) {
    return FrameworkValidation.refusal(call.getFrameworkInfo())
        .or(() -> constraintError(call.getOfferConstraints()))
        .or(
            () ->
                state.isCompleted(call.getFrameworkInfo().getId())
                    ? Optional.of("Framework has been removed")
                    : Optional.empty());
  }

  private static Optional<String> constraintError(OfferConstraints constraints) {
    return OfferConstraintCheck.error(constraints)
        .map(error -> "Framework subscription failed: Offer constraints are not valid: " + error);
  }

  /**
   * User and checkpoint are for life, and one who subscribes with others is not believed (Mesos'
   * preserveImmutableFields). The principal is, too, but another one is refused.
   */
  private static FrameworkInfo kept(FrameworkInfo before, FrameworkInfo now) {
    return now.toBuilder().setUser(before.getUser()).setCheckpoint(before.getCheckpoint()).build();
  }

  /** Mesos' validateUpdate, in its order and words. None is another principal than any. */
  private static Optional<String> changeRefusal(FrameworkInfo before, FrameworkInfo now) {
    if (before.hasPrincipal() != now.hasPrincipal()
        || !before.getPrincipal().equals(now.getPrincipal())) {
      return Optional.of("Changing framework's principal is not allowed.");
    }
    if (!before.getUser().equals(now.getUser())) {
      return Optional.of(unsupported("user", before.getUser(), now.getUser()));
    }
    return before.getCheckpoint() == now.getCheckpoint()
        ? Optional.empty()
        : Optional.of(
            unsupported(
                "checkpoint",
                Boolean.toString(before.getCheckpoint()),
                Boolean.toString(now.getCheckpoint())));
  }

  private static String unsupported(String field, String before, String now) {
    return "Updating 'FrameworkInfo."
        + field
        + "' is unsupported; attempted to update from '"
        + before
        + "' to '"
        + now
        + "'";
  }

  private void greet(Framework framework, EventStream stream) {
    FrameworkID id = framework.id();
    stream.onClose(() -> loop.execute(() -> streamEnded(id, stream)));
    stream.send(
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(
                Event.Subscribed.newBuilder()
                    .setFrameworkId(id)
                    .setHeartbeatIntervalSeconds(options.heartbeatInterval().toNanos() / 1e9)
                    .setMasterInfo(state.master))
            .build());
    stream.beat(loop, options.heartbeatInterval());
  }

  private void streamEnded(FrameworkID id, EventStream stream) {
    stream.close();
    state
        .framework(id)
        .filter(framework -> framework.stream().filter(now -> now == stream).isPresent())
        .ifPresent(this::disconnected);
  }

  private void disconnected(Framework framework) {
    framework.disconnect();
    offers.takeAll(framework.id());
    startFailoverTimer(framework);
  }

  /** Gives a framework that is away its failover_timeout to return. */
  void startFailoverTimer(Framework framework) {
    double seconds = framework.info().getFailoverTimeout();
    Duration timeout =
        seconds >= LONGEST_TIMEOUT.toSeconds()
            ? LONGEST_TIMEOUT
            : Duration.ofNanos(Math.round(seconds * 1e9));
    FrameworkID id = framework.id();
    framework.startFailoverTimer(
        loop.after(
            timeout,
            () -> state.framework(id).filter(late -> !late.isConnected()).ifPresent(this::remove)));
  }

  /** TEARDOWN, or too long away: its tasks end, and its id is never used again. */
  void remove(Framework framework) {
    framework.stopFailoverTimer();
    offers.takeAll(framework.id());
    offers.filters().clear(framework.id());
    state.agents.values().stream()
        .filter(Agent::isConnected)
        .forEach(agent -> agent.link().shutdownFramework(framework.id()));
    for (Task task : List.copyOf(framework.tasks().values())) {
      if (task.holdsResources()) {
        task.end(TaskState.TASK_KILLED);
      }
      framework.complete(task);
    }
    offers.fairness().forget(framework.id());
    framework.unreachableTasks().clear();
    framework.unregister(state.now());
    Optional<EventStream> stream = framework.stream();
    framework.disconnect();
    state.complete(framework);
    stream.ifPresent(EventStream::close);
  }

  /** UPDATE_FRAMEWORK; the refusal if it cannot be. */
  Optional<String> update(Framework framework, Call.UpdateFramework call) {
    Optional<String> refusal =
        FrameworkValidation.refusal(call.getFrameworkInfo())
            .map(error -> "'UpdateFramework.framework_info' is not valid: " + error)
            .or(
                () ->
                    changeRefusal(framework.info(), call.getFrameworkInfo())
                        .map(error -> "FrameworkInfo update is not valid: " + error))
            .or(
                () ->
                    OfferConstraintCheck.error(call.getOfferConstraints())
                        .map(
                            error ->
                                "'UpdateFramework.offer_constraints' are not valid: " + error));
    if (refusal.isPresent()) {
      return refusal;
    }
    framework.describe(
        call.getFrameworkInfo(), call.getOfferConstraints(), call.getSuppressedRolesList());
    state.agents.values().stream()
        .filter(Agent::isConnected)
        .forEach(agent -> agent.link().frameworkUpdated(framework.info()));
    // What it was offered in a role that it no longer has is taken back.
    state.offersTo(framework.id()).stream()
        .filter(offer -> !framework.roles().contains(offer.getAllocationInfo().getRole()))
        .forEach(offer -> offers.rescind(offer.getId()));
    offers.allocate();
    return Optional.empty();
  }
}
