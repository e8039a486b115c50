package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Disruption;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RecordChange;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer.Operation;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Schedulers that are broken on purpose, each in one way, and the promise that it breaks. */
enum Mutant implements Surgery {
  /** Does not kill copies that it has given up, or does not know. */
  LETS_THE_LOSER_LIVE("OneLiveCopy") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      Decision real = core.decide(state, event, now);
      return without(
          real,
          call ->
              call.getType() == Call.Type.KILL
                  && !isCurrent(state, call.getKill().getTaskId().getValue()));
    }
  },
  /** Takes tasks that are out of reach for dead. */
  TAKES_THE_UNREACHABLE_FOR_DEAD("OneLiveCopy") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return core.decide(state, read(event, TaskState.TASK_UNREACHABLE, TaskState.TASK_LOST), now);
    }
  },
  /** Launches before the intent is on record. */
  LAUNCHES_BEFORE_IT_WRITES("IntentBeforeLaunch") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return first(core.decide(state, event, now), Call.Type.ACCEPT);
    }
  },
  /** Does not write the intent. */
  DOES_NOT_WRITE_THE_INTENT("IntentBeforeLaunch") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      Decision real = core.decide(state, event, now);
      boolean launches = real.effects().stream().anyMatch(e -> isCall(e, Call.Type.ACCEPT));
      return new Decision(
          real.state(),
          real.effects().stream()
              .filter(effect -> !launches || !(effect instanceof Effect.Persist))
              .toList());
    }
  },
  /** Takes a write for durable that has not been made yet. */
  BELIEVES_WRITES_TO_BE_DURABLE("IntentBeforeLaunch") {
    @Override
    public FrameworkStore store(FrameworkStore real, Consumer<Runnable> later) {
      return new Hasty(real, later);
    }
  },
  /** Acknowledges before the status is on record. */
  ACKNOWLEDGES_BEFORE_IT_WRITES("StatusBeforeAcknowledge") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return first(core.decide(state, event, now), Call.Type.ACKNOWLEDGE);
    }
  },
  /** Never declines. */
  KEEPS_OFFERS("OffersWithinBounds") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return without(core.decide(state, event, now), call -> call.getType() == Call.Type.DECLINE);
    }
  },
  /** Takes more than was offered. */
  TAKES_MORE_THAN_OFFERED("OffersWithinBounds") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return calls(core.decide(state, event, now), Mutant::greedy);
    }
  },
  /** Does not ask for offers again. */
  NEVER_REVIVES("EverythingRuns") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return without(core.decide(state, event, now), call -> call.getType() == Call.Type.REVIVE);
    }
  },
  /** Does not listen when a task has failed. */
  OVERHEARS_FAILURES("EverythingRuns") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return event instanceof Event.TaskUpdated updated
              && updated.update().state() == TaskState.TASK_FAILED
          ? new Decision(state, List.of())
          : core.decide(state, event, now);
    }
  },
  /** Says that a kill is done when it has begun. */
  SAYS_KILLED_TOO_EARLY("NothingLeftAfterKill") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      Decision real = core.decide(state, event, now);
      return event instanceof Event.KillRequested kill
          ? with(real, new Effect.Reply(kill.request(), Outcome.done("killed")))
          : real;
    }
  },
  /** Leaves the framework registered. */
  NEVER_TEARS_DOWN("NothingLeftAfterKill") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return without(core.decide(state, event, now), call -> call.getType() == Call.Type.TEARDOWN);
    }
  },
  /** Does not put on record that it is to end, so that the next process does not know. */
  FORGETS_THAT_IT_IS_TO_END("NothingLeftAfterKill") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      Decision real = core.decide(state, event, now);
      return new Decision(
          real.state(), real.effects().stream().map(Mutant::withoutKilling).toList());
    }
  },
  /** Writes whoever has taken over. */
  WRITES_WITHOUT_LOOKING_AT_THE_EPOCH("OnlyTheLeaderWrites") {
    @Override
    public boolean writesUnfenced() {
      return true;
    }
  },
  /** Subscribes as a new framework each time. */
  REGISTERS_ANEW("NeverANewFramework") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return calls(core.decide(state, event, now), Mutant::anonymous);
    }
  },
  /** Launches failed containers again at once. */
  DOES_NOT_BACK_OFF("EverLaterRetries") {
    @Override
    public Blueprint blueprint(Blueprint real) {
      return withBackOff(real, Duration.ofMillis(1));
    }
  },
  /** Waits equally long after each failure. */
  BACKS_OFF_EQUALLY_LONG("EverLaterRetries") {
    @Override
    public Blueprint blueprint(Blueprint real) {
      return withBackOff(real, Duration.ofSeconds(1));
    }
  },
  /** Never asks for silence. */
  NEVER_SUPPRESSES("GoodNeighbour") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return without(core.decide(state, event, now), call -> call.getType() == Call.Type.SUPPRESS);
    }
  },
  /** Asks for offers whenever it gets some. */
  REVIVES_ALL_THE_TIME("GoodNeighbour") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      Decision real = core.decide(state, event, now);
      return event instanceof Event.Offers && state.frameworkId().isPresent()
          ? with(real, new Effect.Send(call(Call.Type.REVIVE, state)))
          : real;
    }
  },
  /** Puts containers anywhere. */
  IGNORES_CONSTRAINTS("ConstraintsHold") {
    @Override
    public Blueprint blueprint(Blueprint real) {
      return with(real, real.timing(), real.rules().withConstraints(), real.disruption());
    }
  },
  /** Launches where a machine is about to be taken down. */
  LAUNCHES_WHERE_A_WINDOW_IS_NEAR("NothingNearAWindow") {
    @Override
    public Blueprint blueprint(Blueprint real) {
      Rules rules = real.rules();
      Rules blind =
          new Rules(
              rules.constraints(),
              rules.policy(),
              rules.revocable(),
              Duration.ofSeconds(1),
              rules.gang());
      return with(real, real.timing(), blind, real.disruption());
    }
  },
  /** Goes on as if nothing were when the connection with ZooKeeper is lost. */
  ACTS_IN_DOUBT("SilentInDoubt") {
    @Override
    public boolean ignoresDoubt() {
      return true;
    }
  },
  /** Takes in all that comes, whatever waits already. */
  TAKES_IN_WITHOUT_BOUND("BoundedMemory") {
    @Override
    public boolean takesAnyNumber() {
      return true;
    }
  },
  /** Replaces all at once. */
  DISRUPTS_ALL_AT_ONCE("DisruptionWithinBudget") {
    @Override
    public Blueprint blueprint(Blueprint real) {
      Disruption boundless =
          new Disruption(100, real.disruption().lead(), real.disruption().patience());
      return with(real, real.timing(), real.rules(), boundless);
    }
  },
  /** Restarts container 0 first. */
  RESTARTS_THE_MANAGER_FIRST("DisruptionWithinBudget") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      if (!(event instanceof Event.RestartRequested all) || all.container().isPresent()) {
        return core.decide(state, event, now);
      }
      Decision first =
          core.decide(
              state,
              new Event.RestartRequested(all.request(), Optional.of(ContainerId.MANAGER), 0),
              now);
      Decision rest = core.decide(first.state(), event, now);
      return new Decision(
          rest.state(), Stream.concat(first.effects().stream(), rest.effects().stream()).toList());
    }
  },
  /** Declines for no time. */
  DECLINES_FOR_A_MOMENT("GoodNeighbour") {
    @Override
    public Decision decide(Core core, State state, Event event, Instant now) {
      return calls(core.decide(state, event, now), Mutant::brief);
    }
  };

  private final String promise;

  Mutant(String promise) {
    this.promise = promise;
  }

  /** The name of the promise that it breaks. */
  String promise() {
    return promise;
  }

  private static Blueprint withBackOff(Blueprint real, Duration always) {
    return with(
        real,
        real.timing().withBackOff(always, always, real.timing().settledAfter()),
        real.rules(),
        real.disruption());
  }

  private static Blueprint with(Blueprint real, Timing timing, Rules rules, Disruption disruption) {
    return new Blueprint(
        real.topology(),
        real.topologyId(),
        real.framework(),
        timing,
        real.tasks(),
        rules,
        disruption);
  }

  private static boolean isCall(Effect effect, Call.Type type) {
    return effect instanceof Effect.Send send && send.call().getType() == type;
  }

  private static boolean isCurrent(State state, String task) {
    return state.containers().stream()
        .anyMatch(each -> each.task().filter(t -> t.id().value().equals(task)).isPresent());
  }

  private static Decision without(Decision real, java.util.function.Predicate<Call> dropped) {
    return new Decision(
        real.state(),
        real.effects().stream()
            .filter(effect -> !(effect instanceof Effect.Send send && dropped.test(send.call())))
            .toList());
  }

  private static Decision with(Decision real, Effect added) {
    List<Effect> effects = new ArrayList<>(real.effects());
    effects.add(added);
    return new Decision(real.state(), effects);
  }

  private static Decision first(Decision real, Call.Type type) {
    return new Decision(
        real.state(),
        Stream.concat(
                real.effects().stream().filter(effect -> isCall(effect, type)),
                real.effects().stream().filter(effect -> !isCall(effect, type)))
            .toList());
  }

  private static Decision calls(Decision real, UnaryOperator<Call> change) {
    return new Decision(
        real.state(),
        real.effects().stream()
            .map(
                effect ->
                    effect instanceof Effect.Send send
                        ? new Effect.Send(change.apply(send.call()))
                        : effect)
            .toList());
  }

  private static Event read(Event event, TaskState from, TaskState to) {
    if (!(event instanceof Event.TaskUpdated updated) || updated.update().state() != from) {
      return event;
    }
    StatusUpdate real = updated.update();
    return new Event.TaskUpdated(
        new StatusUpdate(
            real.task(), to, real.agent(), real.message(), real.reason(), real.uuid()));
  }

  private static Call greedy(Call call) {
    if (call.getType() != Call.Type.ACCEPT) {
      return call;
    }
    Call.Builder greedy = call.toBuilder();
    for (Operation.Builder operation : greedy.getAcceptBuilder().getOperationsBuilderList()) {
      for (TaskInfo.Builder task : operation.getLaunchBuilder().getTaskInfosBuilderList()) {
        for (Resource.Builder resource : task.getResourcesBuilderList()) {
          if (resource.getName().equals("mem")) {
            resource.setScalar(Value.Scalar.newBuilder().setValue(1e9));
          }
        }
      }
    }
    return greedy.build();
  }

  private static Call anonymous(Call call) {
    if (call.getType() != Call.Type.SUBSCRIBE) {
      return call;
    }
    Call.Builder anonymous = call.toBuilder().clearFrameworkId();
    anonymous.getSubscribeBuilder().getFrameworkInfoBuilder().clearId();
    return anonymous.build();
  }

  private static Call brief(Call call) {
    return call.getType() == Call.Type.DECLINE
        ? call.toBuilder()
            .setDecline(
                call.getDecline().toBuilder().setFilters(Filters.newBuilder().setRefuseSeconds(0)))
            .build()
        : call;
  }

  private static Call call(Call.Type type, State state) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue(state.frameworkId().orElseThrow()))
        .build();
  }

  private static Effect withoutKilling(Effect effect) {
    if (!(effect instanceof Effect.Persist persist)) {
      return effect;
    }
    return new Effect.Persist(
        persist.changes().stream()
            .filter(
                change ->
                    !(change instanceof RecordChange.Framework framework && framework.killing()))
            .toList());
  }

  /** Says that a write is durable, and makes it some time later. */
  private record Hasty(FrameworkStore real, Consumer<Runnable> later) implements FrameworkStore {
    @Override
    public CompletableFuture<Snapshot> takeOver(String holder) {
      return real.takeOver(holder);
    }

    @Override
    public CompletableFuture<Snapshot> succeed(String holder) {
      return real.succeed(holder);
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
      later.accept(() -> real.write(batch));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> removeAll() {
      return real.removeAll();
    }

    @Override
    public java.util.Optional<String> problem() {
      return real.problem();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
