package org.apache.heron.framework.metrics;

import com.codahale.metrics.MetricRegistry;
import com.google.common.collect.Sets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.RecordChange;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus.Reason;
import org.apache.mesos.v1.scheduler.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * Counts what can be seen in decisions: what has come, what is sent, and what becomes of the
 * containers that change, so that the core itself counts nothing. For one thread at a time.
 */
final class Observations {
  private static final String UNKNOWN = "unknown";

  /** States in which a copy has failed, whatever the reason. */
  private static final Set<TaskState> ENDS =
      Sets.immutableEnumSet(
          TaskState.TASK_FAILED,
          TaskState.TASK_FINISHED,
          TaskState.TASK_KILLED,
          TaskState.TASK_ERROR,
          TaskState.TASK_LOST,
          TaskState.TASK_DROPPED,
          TaskState.TASK_GONE,
          TaskState.TASK_GONE_BY_OPERATOR);

  private final MetricRegistry registry;
  private final Map<ContainerId, Instant> launched = new HashMap<>();
  private Optional<Instant> askedSince = Optional.empty();

  Observations(MetricRegistry registry) {
    this.registry = registry;
    beginAll(Family.OFFERS_DECLINED, Stream.of("idle", "unfit"));
    beginAll(Family.RECONCILIATIONS, Stream.of("explicit", "implicit"));
    beginAll(Family.COMMANDS, Stream.of("kill", "restart", "update"));
    beginAll(Family.STATUS_UPDATES, Stream.of(TaskState.values()).map(Observations::state));
    beginAll(Family.FAILURES, causes());
    Stream.of(Protos.Event.Type.values())
        .filter(type -> type != Protos.Event.Type.UNKNOWN)
        .forEach(type -> registry.meter("mesos.events." + type));
    for (Family family : Family.values()) {
      if (family.labels().isEmpty()) {
        begin(family);
      }
    }
  }

  private void beginAll(Family family, Stream<String> values) {
    values.forEach(value -> registry.counter(family.with(value)));
  }

  /** All that {@link #cause} can say of the Mesos that this was built for. */
  private static Stream<String> causes() {
    Stream<String> reasons =
        Stream.of(Reason.values())
            .filter(reason -> reason != Reason.REASON_RECONCILIATION)
            .map(reason -> reason(reason.name()));
    Stream<String> states = ENDS.stream().map(Observations::state);
    return Stream.concat(Stream.concat(reasons, states), Stream.of(UNKNOWN));
  }

  /** What has not happened yet is 0, not absent: alerts on an increase need the first sample. */
  private void begin(Family family) {
    switch (family.type()) {
      case COUNTER -> registry.counter(family.with());
      case SUMMARY -> {
        if (family == Family.WRITE_RECORDS) {
          registry.histogram(family.with());
        } else {
          registry.timer(family.with());
        }
      }
      case GAUGE -> {}
    }
  }

  void of(Event event, State before, Decision decision, Instant now) {
    happened(event);
    State after = decision.state();
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Send send) {
        sent(send.call(), event, before, after);
      } else if (effect instanceof Effect.Persist persist) {
        changed(persist, before, event, now);
      }
    }
    reconciling(event, after, now);
  }

  private void count(String name, long number) {
    registry.counter(name).inc(number);
  }

  private void time(Family family, Instant from, Instant to) {
    Duration took = Duration.between(from, to);
    registry.timer(family.with()).update(took.isNegative() ? Duration.ZERO : took);
  }

  private void happened(Event event) {
    if (event instanceof Event.Offers offers) {
      count(Family.OFFERS_RECEIVED.with(), offers.offers().size());
    } else if (event instanceof Event.InverseOffers inverse) {
      count(Family.INVERSE_OFFERS.with(), inverse.offers().size());
    } else if (event instanceof Event.Rescinded) {
      count(Family.OFFERS_RESCINDED.with(), 1);
    } else if (event instanceof Event.TaskUpdated updated) {
      count(Family.STATUS_UPDATES.with(state(updated.update().state())), 1);
    } else if (event instanceof Event.Subscribed) {
      count(Family.SUBSCRIPTIONS.with(), 1);
    } else if (event instanceof Event.Disconnected) {
      count(Family.DISCONNECTIONS.with(), 1);
    } else if (event instanceof Event.KillRequested) {
      count(Family.COMMANDS.with("kill"), 1);
    } else if (event instanceof Event.RestartRequested) {
      count(Family.COMMANDS.with("restart"), 1);
    } else if (event instanceof Event.UpdateRequested) {
      count(Family.COMMANDS.with("update"), 1);
    }
  }

  private static String state(TaskState state) {
    return state.name().replace("TASK_", "").toLowerCase(Locale.ROOT);
  }

  private static String reason(String reason) {
    return reason.replace("REASON_", "").toLowerCase(Locale.ROOT);
  }

  private void sent(Call call, Event event, State before, State after) {
    switch (call.getType()) {
      case ACCEPT -> {
        count(Family.OFFERS_ACCEPTED.with(), call.getAccept().getOfferIdsCount());
        long tasks =
            call.getAccept().getOperationsList().stream()
                .filter(operation -> operation.getType() == Offer.Operation.Type.LAUNCH)
                .mapToLong(operation -> operation.getLaunch().getTaskInfosCount())
                .sum();
        count(Family.LAUNCHES.with(), tasks);
      }
      case DECLINE -> {
        boolean idle =
            after.phase() != Phase.SERVING || after.containers().count(Life.WAITING) == 0;
        count(
            Family.OFFERS_DECLINED.with(idle ? "idle" : "unfit"),
            call.getDecline().getOfferIdsCount());
      }
      case RECONCILE ->
          count(
              Family.RECONCILIATIONS.with(
                  call.getReconcile().getTasksCount() == 0 ? "implicit" : "explicit"),
              1);
      case KILL -> {
        if (event instanceof Event.TaskUpdated updated && isStranger(updated.update(), before)) {
          count(Family.STRANGERS_KILLED.with(), 1);
        }
      }
      default -> {
        // Mesos' enum, not ours; the other calls say nothing that is not counted otherwise.
      }
    }
  }

  private static boolean isStranger(StatusUpdate update, State state) {
    return update
        .task()
        .container()
        .flatMap(state.containers()::get)
        .flatMap(Container::task)
        .filter(task -> task.id().equals(update.task()))
        .isEmpty();
  }

  private void changed(Effect.Persist persist, State before, Event event, Instant now) {
    for (RecordChange change : persist.changes()) {
      if (change instanceof RecordChange.Put put) {
        before
            .containers()
            .get(put.container().id())
            .ifPresent(former -> moved(former, put.container(), event, now));
      } else if (change instanceof RecordChange.Remove remove) {
        launched.remove(remove.container());
      }
    }
  }

  private void moved(Container former, Container container, Event event, Instant now) {
    Life from = former.life();
    Life to = container.life();
    if (from == to) {
      return;
    }
    if (from == Life.WAITING && to == Life.LAUNCHING) {
      time(Family.PLACE_SECONDS, former.since(), now);
      launched.put(container.id(), now);
    } else if (to == Life.RUNNING) {
      Optional.ofNullable(launched.remove(container.id()))
          .ifPresent(launch -> time(Family.START_SECONDS, launch, now));
    } else if (to == Life.BACKING_OFF) {
      launched.remove(container.id());
      count(Family.FAILURES.with(cause(event)), 1);
    } else if (from == Life.UNREACHABLE && to == Life.WAITING) {
      launched.remove(container.id());
      if (event instanceof Event.TimerFired) {
        count(Family.GIVEN_UP.with(), 1);
      }
    } else if (!to.hasTask()) {
      launched.remove(container.id());
    }
  }

  private static String cause(Event event) {
    if (!(event instanceof Event.TaskUpdated updated)) {
      return UNKNOWN;
    }
    StatusUpdate update = updated.update();
    boolean said = !update.reason().isEmpty() && !update.reason().equals("REASON_RECONCILIATION");
    return said ? reason(update.reason()) : state(update.state());
  }

  private void reconciling(Event event, State after, Instant now) {
    if (event instanceof Event.Subscribed) {
      boolean asked = !after.reconciliation().unanswered().isEmpty();
      askedSince = asked ? Optional.of(now) : Optional.empty();
    } else if (event instanceof Event.Disconnected || event instanceof Event.MasterError) {
      askedSince = Optional.empty();
    }
    if (askedSince.isPresent() && after.reconciliation().unanswered().isEmpty()) {
      time(Family.RECONCILIATION_SECONDS, askedSince.get(), now);
      askedSince = Optional.empty();
    }
  }
}
