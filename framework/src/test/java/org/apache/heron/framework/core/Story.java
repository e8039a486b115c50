package org.apache.heron.framework.core;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.runtime.Outbox;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * Tells a core what happens, and keeps what it does: with the real order of effects, records in a
 * map, and a clock that moves only when told.
 */
final class Story {
  private static final Duration REMINDER = Duration.ofMinutes(1);
  static final String FRAMEWORK = "framework-0000";
  static final Size SMALL = new Size(1000, 512_000, 512_000, 9);

  final Map<ContainerId, Container> records = new TreeMap<>();
  Optional<RecordChange.Framework> frameworkRecord = Optional.empty();
  final List<Call> calls = new ArrayList<>();
  final Map<RequestId, Outcome> replies = new HashMap<>();
  final List<String> log = new ArrayList<>();
  final FrameworkMetrics metrics;
  boolean finished;
  String failure = "";

  Instant now = Instant.parse("2026-11-21T00:00:00Z");
  State state;
  boolean storeIsSlow;

  /** Whether the master takes UPDATE_FRAMEWORK. */
  boolean takesUpdates = true;

  int reconnects;

  /** What was to be ended by the operator API. */
  final List<String> tornDown = new ArrayList<>();

  private final Core core;

  /** What is wanted, as whoever restores the state reads it. */
  final Map<ContainerId, Size> plan = new TreeMap<>();

  private Outbox outbox = new Outbox();
  private List<RecordChange> inFlight = List.of();
  private Map<Timer, Instant> timers = new HashMap<>();
  private long requests;
  private long epoch;
  private int offers;

  /** The maintenance of agents that the master would announce again, and when it did last. */
  private final Map<String, Unavailability> planned = new TreeMap<>();

  private Instant reminded = now;

  /** Describes as little as Mesos must know. */
  private static final class Describer implements TaskDescriber {
    @Override
    public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
      return TaskInfo.newBuilder()
          .setName("container_" + placed.container())
          .setTaskId(TaskID.newBuilder().setValue(id.value()))
          .setAgentId(AgentID.newBuilder().setValue(agent.value()))
          .addAllResources(placed.resources())
          .setCommand(CommandInfo.newBuilder().setValue("run"))
          .build();
    }

    @Override
    public List<String> fetched() {
      return List.of("http://repo/core.tar.gz", "file:///words.tar.gz");
    }
  }

  private Story(List<Size> sizes, Rules rules) {
    Blueprint blueprint =
        new Blueprint(
            "words",
            "words-id-1",
            FrameworkInfo.newBuilder()
                .setUser("someone")
                .setName("heron_scheduler_words")
                .setFailoverTimeout((double) Duration.ofDays(7).toSeconds())
                .addRoles("*")
                .build(),
            Timing.DEFAULT,
            new Describer(),
            rules);
    core = new Core(blueprint);
    metrics = new FrameworkMetrics("words", "mesos", "ada", "default", () -> now);
    metrics.leads(() -> state, () -> 0, () -> outbox.size());
    for (Size size : sizes) {
      plan.put(new ContainerId(plan.size()), size);
    }
    begin();
  }

  /** A topology of containers 0 … n-1, nothing on record. */
  static Story of(int containers) {
    return of(containers, Rules.PLAIN);
  }

  /** The same, placed by these rules. */
  static Story of(int containers, Rules rules) {
    return new Story(Collections.nCopies(containers, SMALL), rules);
  }

  /** A topology of containers 0 … n-1 of these sizes, nothing on record. */
  static Story ofSizes(Size... sizes) {
    return new Story(List.of(sizes), Rules.PLAIN);
  }

  /** A topology that is subscribed and all of whose containers run, half of them on each agent. */
  static Story running(int containers) {
    Story story = of(containers).subscribed();
    story.offered(
        OfferBuilder.offer("O1", "a1").cpus(999).mem(999999).disk(999999).ports(1, 9999).build(),
        OfferBuilder.offer("O2", "a2").cpus(999).mem(999999).disk(999999).ports(1, 9999).build());
    for (int i = 0; i < containers; i++) {
      story.updated(i, TaskState.TASK_STARTING).updated(i, TaskState.TASK_RUNNING);
    }
    story.calls.clear();
    return story;
  }

  private void begin() {
    Phase phase =
        frameworkRecord
            .map(record -> record.killing() ? Phase.KILLING : Phase.SERVING)
            .orElse(Phase.SERVING);
    state =
        State.restored(
            phase,
            frameworkRecord.flatMap(RecordChange.Framework::frameworkId),
            frameworkRecord.flatMap(RecordChange.Framework::principal),
            restored(),
            frameworkRecord.map(RecordChange.Framework::history).orElse(History.NONE));
    happens(new Event.Started(++epoch, "the story's scheduler"));
  }

  /** As the records' adapter does it: the plan says what is wanted. */
  private Containers restored() {
    int floor = frameworkRecord.map(RecordChange.Framework::attemptFloor).orElse(0);
    List<Container> restored = new ArrayList<>();
    plan.forEach(
        (id, size) ->
            restored.add(
                Optional.ofNullable(records.get(id))
                    .map(record -> record.aim() == Aim.REMOVE ? record.withAim(Aim.RUN) : record)
                    .map(record -> record.withSize(size))
                    .orElseGet(() -> Container.fresh(id, size, floor, now))));
    records.values().stream()
        .filter(record -> !plan.containsKey(record.id()))
        .forEach(record -> restored.add(record.withAim(Aim.REMOVE)));
    return Containers.of(restored, floor);
  }

  /** The process is killed and started again: only what is durable is left. */
  Story restarted() {
    outbox = new Outbox();
    inFlight = List.of();
    timers = new HashMap<>();
    calls.clear();
    begin();
    return this;
  }

  Story happens(Event event) {
    Decision decision = core.decide(state, event, now);
    metrics.decided(event, state, decision, now, Duration.ZERO);
    state = decision.state();
    outbox.add(decision.effects());
    perform();
    return this;
  }

  private void perform() {
    for (Optional<Effect> next = outbox.next(); next.isPresent(); next = outbox.next()) {
      Effect effect = next.get();
      if (effect instanceof Effect.Persist persist) {
        inFlight = persist.changes();
        if (!storeIsSlow) {
          write();
        }
      } else if (effect instanceof Effect.Forget) {
        records.clear();
        frameworkRecord = Optional.empty();
        outbox.durable();
      } else if (effect instanceof Effect.Send send) {
        calls.add(send.call());
        if (send.call().getType() == Call.Type.UPDATE_FRAMEWORK && takesUpdates) {
          happens(new Event.FrameworkUpdated());
        }
      } else if (effect instanceof Effect.SetTimer set) {
        timers.put(set.timer(), set.at());
      } else if (effect instanceof Effect.Reply reply) {
        replies.put(reply.request(), reply.outcome());
      } else if (effect instanceof Effect.Say say) {
        log.add(say.line());
      } else if (effect instanceof Effect.Reconnect) {
        reconnects++;
      } else if (effect instanceof Effect.TearDown tearDown) {
        tornDown.add(tearDown.frameworkId());
      } else if (effect instanceof Effect.Finish) {
        finished = true;
      } else if (effect instanceof Effect.Fail fail) {
        failure = fail.why();
      }
    }
  }

  private void write() {
    for (RecordChange change : inFlight) {
      if (change instanceof RecordChange.Put put) {
        records.put(put.container().id(), put.container());
      } else if (change instanceof RecordChange.Remove remove) {
        records.remove(remove.container());
      } else if (change instanceof RecordChange.Framework framework) {
        frameworkRecord = Optional.of(framework);
      }
    }
    inFlight = List.of();
    outbox.durable();
  }

  /** The write that is under way, if any, becomes durable. */
  Story written() {
    write();
    perform();
    return this;
  }

  Story subscribed() {
    return happens(new Event.Connected())
        .happens(new Event.Subscribed(FRAMEWORK, "127.0.0.1:5050"));
  }

  Story disconnected() {
    return happens(new Event.Disconnected());
  }

  /** Offers come, and are gathered to the end. */
  Story offered(Offer... offered) {
    return happens(new Event.Offers(List.of(offered))).passes(Timing.DEFAULT.gatherOffers());
  }

  /** An offer of the usual size comes from each agent, and they are gathered. */
  Story offeredBy(String... agents) {
    List<Offer> list = new ArrayList<>();
    for (String agent : agents) {
      list.add(OfferBuilder.usual("offer-" + ++offers, agent));
    }
    return offered(list.toArray(Offer[]::new));
  }

  /** Mesos reports a state of the container's current copy, to be acknowledged. */
  Story updated(int container, TaskState taskState) {
    Task task = container(container).currentTask();
    return updated(task.id(), taskState, task.agent().value());
  }

  Story updated(TaskId task, TaskState taskState, String agent) {
    return updated(task, taskState, agent, "said Mesos", "");
  }

  Story updated(TaskId task, TaskState taskState, String agent, String message, String reason) {
    return happens(
        new Event.TaskUpdated(
            new StatusUpdate(
                task,
                taskState,
                Optional.of(new AgentId(agent)),
                message,
                reason,
                Optional.of(ByteString.copyFromUtf8("uuid")))));
  }

  /** Mesos answers a reconciliation: without uuid. */
  Story reconciled(TaskId task, TaskState taskState) {
    return happens(
        new Event.TaskUpdated(
            new StatusUpdate(
                task,
                taskState,
                Optional.of(new AgentId("a1")),
                "Reconciliation: Latest task state",
                "REASON_RECONCILIATION",
                Optional.empty())));
  }

  /**
   * Time passes, alarms ring in their order, and the master asks again for the agents that it wants
   * back.
   */
  Story passes(Duration duration) {
    Instant until = now.plus(duration);
    while (!planned.isEmpty() && !reminded.plus(REMINDER).isAfter(until)) {
      ring(reminded.plus(REMINDER));
      planned.forEach(
          (agent, unavailability) ->
              happens(new Event.InverseOffers(List.of(inverse("again", agent, unavailability)))));
      reminded = now;
    }
    ring(until);
    return this;
  }

  /** An alarm rings, whenever it was to. */
  Story rings(Timer timer) {
    timers.remove(timer);
    return happens(new Event.TimerFired(timer));
  }

  private void ring(Instant until) {
    while (true) {
      Optional<Map.Entry<Timer, Instant>> next =
          timers.entrySet().stream().min(Comparator.comparing(Map.Entry::getValue));
      if (next.isEmpty() || next.get().getValue().isAfter(until)) {
        break;
      }
      timers.remove(next.get().getKey());
      if (next.get().getValue().isAfter(now)) {
        now = next.get().getValue();
      }
      happens(new Event.TimerFired(next.get().getKey()));
    }
    if (until.isAfter(now)) {
      now = until;
    }
  }

  RequestId kill() {
    RequestId request = new RequestId(++requests);
    happens(new Event.KillRequested(request));
    return request;
  }

  /** Restarts one. */
  RequestId restart(int container) {
    RequestId request = new RequestId(++requests);
    happens(new Event.RestartRequested(request, Optional.of(new ContainerId(container)), 0));
    return request;
  }

  RequestId restartAll(int parallel) {
    RequestId request = new RequestId(++requests);
    happens(new Event.RestartRequested(request, Optional.empty(), parallel));
    return request;
  }

  /** Wants these containers, of the size that is usual here, and no others. */
  RequestId update(int... containers) {
    Map<ContainerId, Size> wanted = new TreeMap<>();
    for (int container : containers) {
      wanted.put(new ContainerId(container), plan.getOrDefault(new ContainerId(container), SMALL));
    }
    return update(wanted);
  }

  /** Wants these containers; the plan on record is theirs from now on. */
  RequestId update(Map<ContainerId, Size> wanted) {
    RequestId request = new RequestId(++requests);
    happens(new Event.UpdateRequested(request, wanted));
    plan.clear();
    plan.putAll(wanted);
    return request;
  }

  /** The container's copy comes up, wherever it is on its way. */
  Story runs(int container) {
    return updated(container, TaskState.TASK_STARTING).updated(container, TaskState.TASK_RUNNING);
  }

  /** An agent will be unavailable: its maintenance is announced to us, and is until it is not. */
  Story announced(String inverseOffer, String agent, Instant start, Duration length) {
    planned.put(agent, unavailable(start, length));
    reminded = now;
    return happens(
        new Event.InverseOffers(List.of(inverse(inverseOffer, agent, unavailable(start, length)))));
  }

  /** An agent's maintenance will not be; nobody is told. */
  Story calledOff(String agent) {
    planned.remove(agent);
    return this;
  }

  private static InverseOffer inverse(String id, String agent, Unavailability unavailability) {
    return InverseOffer.newBuilder()
        .setId(OfferID.newBuilder().setValue(id))
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setAgentId(AgentID.newBuilder().setValue(agent))
        .setUnavailability(unavailability)
        .build();
  }

  static Unavailability unavailable(Instant start, Duration length) {
    return Unavailability.newBuilder()
        .setStart(TimeInfo.newBuilder().setNanoseconds(start.toEpochMilli() * 1_000_000))
        .setDuration(DurationInfo.newBuilder().setNanoseconds(length.toNanos()))
        .build();
  }

  Container container(int id) {
    return state.containers().get(new ContainerId(id)).orElseThrow();
  }

  Life life(int id) {
    return container(id).life();
  }

  TaskId taskOf(int id) {
    return container(id).currentTask().id();
  }

  /** The calls of that type since they were last cleared. */
  List<Call> calls(Call.Type type) {
    return calls.stream().filter(call -> call.getType() == type).toList();
  }

  /** The types of all calls since they were last cleared, in order. */
  List<Call.Type> callTypes() {
    return calls.stream().map(Call::getType).toList();
  }

  /** The tasks that were launched since calls were last cleared. */
  List<TaskInfo> launched() {
    return calls(Call.Type.ACCEPT).stream()
        .flatMap(call -> call.getAccept().getOperationsList().stream())
        .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
        .toList();
  }
}
