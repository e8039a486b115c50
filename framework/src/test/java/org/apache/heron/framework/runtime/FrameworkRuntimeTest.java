package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.core.TaskDescriber;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.InMemoryFrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The runtime around a real core and a real store's code, with threads. */
class FrameworkRuntimeTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Submission WORDS = new Submission("words", "words-id");
  private static final Size SIZE = new Size(100, 1000, 1000, 9);

  private final InMemoryFrameworkStore.Tree tree = new InMemoryFrameworkStore.Tree();
  private final SlowExecutor executor = new SlowExecutor();
  private final Mesos mesos = new Mesos();
  private final FrameworkMetrics metrics =
      new FrameworkMetrics("words", "mesos", "ada", "default", Clock.systemUTC());
  private TaskDescriber describer = new Describer();
  private FrameworkRuntime runtime;

  @AfterEach
  void stop() {
    runtime.close();
  }

  /** Does what it is given at once, or keeps it until it may. */
  private static final class SlowExecutor implements Executor {
    private final BlockingQueue<Runnable> kept = new LinkedBlockingQueue<>();
    private boolean slow;

    @Override
    public void execute(Runnable task) {
      synchronized (this) {
        if (slow) {
          kept.add(task);
          return;
        }
      }
      task.run();
    }

    synchronized void hold() {
      slow = true;
    }

    void release() {
      List<Runnable> tasks = new ArrayList<>();
      synchronized (this) {
        slow = false;
        kept.drainTo(tasks);
      }
      tasks.forEach(Runnable::run);
    }
  }

  /** Keeps what it is sent. */
  private static final class Mesos implements MesosConnection {
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Consumer<Event> listener;
    private volatile Consumer<Call> afterwards = call -> {};
    private final ConcurrentLinkedQueue<String> tornDown = new ConcurrentLinkedQueue<>();
    private volatile boolean unauthorized;
    private volatile boolean closed;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }

    @Override
    public boolean isUnauthorized() {
      return unauthorized;
    }

    @Override
    public void send(Call call, Runnable taken) {
      calls.add(call);
      if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
        taken.run();
      }
      afterwards.accept(call);
    }

    @Override
    public int waitingCalls() {
      return waiting.get();
    }

    List<Call> calls(Call.Type type) {
      return calls.stream().filter(call -> call.getType() == type).toList();
    }

    @Override
    public void reconnect() {}

    @Override
    public void tearDown(String frameworkId) {
      tornDown.add(frameworkId);
    }

    @Override
    public String problem() {
      return unauthorized ? "set credentials" : "";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class Describer implements TaskDescriber {
    @Override
    public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
      return TaskInfo.newBuilder()
          .setName("container_" + placed.container())
          .setTaskId(TaskID.newBuilder().setValue(id.value()))
          .setAgentId(org.apache.mesos.v1.Protos.AgentID.newBuilder().setValue(agent.value()))
          .build();
    }

    @Override
    public List<String> fetched() {
      return List.of();
    }
  }

  private static final class Overflowing implements TaskDescriber {
    @Override
    public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
      throw new StackOverflowError();
    }

    @Override
    public List<String> fetched() {
      return List.of();
    }
  }

  private void begin(int containers) {
    FrameworkStore store = InMemoryFrameworkStore.open(tree, WORDS, Clock.systemUTC(), executor);
    Blueprint blueprint =
        new Blueprint(
            "words",
            "words-id",
            FrameworkInfo.newBuilder().setUser("someone").setName("words").build(),
            Timing.DEFAULT,
            describer);
    Map<ContainerId, Size> sizes = new LinkedHashMap<>();
    IntStream.range(0, containers).forEach(id -> sizes.put(new ContainerId(id), SIZE));
    Snapshot snapshot = store.takeOver("test").join();
    runtime =
        FrameworkRuntime.restore(
            new Core(blueprint),
            blueprint,
            store,
            snapshot,
            sizes,
            Clock.systemUTC(),
            "test",
            metrics);
    runtime.start(
        listener -> {
          mesos.listener = listener;
          return mesos;
        });
    mesos.listener.accept(new Event.Connected());
    mesos.listener.accept(new Event.Subscribed("framework-1", "127.0.0.1:5050"));
    // It is sent once the framework is on record.
    await().atMost(LIMIT).until(() -> !mesos.calls(Call.Type.UPDATE_FRAMEWORK).isEmpty());
  }

  private void launched(int containers, String... agents) {
    List<Offer> offers = new ArrayList<>();
    for (String agent : agents) {
      offers.add(
          OfferBuilder.offer("offer-" + agent, agent)
              .cpus(999)
              .mem(999_999)
              .disk(999_999)
              .ports(1, 9_999)
              .build());
    }
    mesos.listener.accept(new Event.Offers(offers));
    await().atMost(LIMIT).until(() -> !mesos.calls(Call.Type.ACCEPT).isEmpty());
    assertThat(runtime.state().containers().count(Life.LAUNCHING)).isEqualTo(containers);
  }

  private Event running(int container, int number) {
    return update(container, number, TaskState.TASK_RUNNING);
  }

  private Event update(int container, int number, TaskState state) {
    TaskId task =
        runtime
            .state()
            .containers()
            .get(new ContainerId(container))
            .orElseThrow()
            .currentTask()
            .id();
    return new Event.TaskUpdated(
        new StatusUpdate(
            task,
            state,
            Optional.of(new AgentId("a1")),
            "",
            "",
            Optional.of(ByteString.copyFromUtf8(Integer.toString(number)))));
  }

  @Test
  void whoIsAskedForCredentialsIsToldThatTheyCannotHelpATopologyThatWasSubmittedWithout() {
    begin(1);
    mesos.unauthorized = true;
    assertThat(runtime.problem()).startsWith("set credentials; but ").contains("heron kill");
    mesos.unauthorized = false;
    assertThat(runtime.problem()).isEmpty();
  }

  @Test
  void aKillOfWhatMesosLetsNotSubscribeEndsWhenTheOperatorApiHasEndedIt() throws Exception {
    begin(1);
    Event refused = new Event.MasterError("Changing framework's principal is not allowed.");
    mesos.listener.accept(refused);
    CompletableFuture<Outcome> kill = runtime.kill();
    await().atMost(LIMIT).until(() -> runtime.state().phase() == Phase.KILLING);
    mesos.listener.accept(refused);
    await().atMost(LIMIT).until(() -> mesos.tornDown.contains("framework-1"));
    assertThat(kill).isNotDone();
    mesos.listener.accept(new Event.TornDown());
    assertThat(kill.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void whileSuspendedNothingIsDecidedOrSentAndItGoesOnAfterwards() {
    begin(1);
    runtime.suspend("first");
    await().atMost(LIMIT).until(() -> runtime.problem().equals("first"));
    int before = mesos.calls.size();
    mesos.listener.accept(new Event.Offers(List.of(OfferBuilder.usual("o1", "a1"))));
    CompletableFuture<Outcome> restart = runtime.restart(Optional.empty(), 0);
    // News that comes after the offer and the command is taken in, and they are not.
    runtime.suspend("second");
    await().atMost(LIMIT).until(() -> runtime.problem().equals("second"));
    assertThat(runtime.state().held()).isEmpty();
    assertThat(mesos.calls).hasSize(before);
    assertThat(restart).isNotDone();
    runtime.resume();
    await().atMost(LIMIT).until(() -> !mesos.calls(Call.Type.ACCEPT).isEmpty());
    assertThat(runtime.problem()).isEmpty();
  }

  @Test
  void aWriteThatEndsWhileSuspendedIsTakenInAndWhatFollowsWaits() {
    begin(1);
    launched(1, "a1");
    executor.hold();
    mesos.listener.accept(running(0, 1));
    await().atMost(LIMIT).until(() -> runtime.state().containers().count(Life.RUNNING) == 1);
    runtime.suspend("first");
    executor.release();
    runtime.suspend("second");
    await().atMost(LIMIT).until(() -> runtime.problem().equals("second"));
    assertThat(mesos.calls(Call.Type.ACKNOWLEDGE)).isEmpty();
    runtime.resume();
    await().atMost(LIMIT).until(() -> mesos.calls(Call.Type.ACKNOWLEDGE).size() == 1);
  }

  @Test
  void aBurstOfUpdatesWaitsOutsideWhileTheStoreIsSlowAndEachIsAcknowledgedInOrder()
      throws Exception {
    int updates = 60_000;
    begin(10);
    launched(10, "a1");
    List<Event> burst =
        IntStream.range(0, updates).mapToObj(number -> running(number % 10, number)).toList();
    executor.hold();
    AtomicInteger brought = new AtomicInteger();
    Thread master =
        new Thread(
            () -> {
              for (Event event : burst) {
                mesos.listener.accept(event);
                brought.incrementAndGet();
              }
            });
    master.start();
    await().atMost(LIMIT).until(() -> master.getState() == Thread.State.WAITING);
    assertThat(brought.get()).isLessThan(updates);
    assertThat(mesos.calls(Call.Type.ACKNOWLEDGE)).isEmpty();
    executor.release();
    await().atMost(LIMIT).until(() -> mesos.calls(Call.Type.ACKNOWLEDGE).size() == updates);
    master.join(LIMIT.toMillis());
    assertThat(
            mesos.calls(Call.Type.ACKNOWLEDGE).stream()
                .map(call -> Integer.parseInt(call.getAcknowledge().getUuid().toStringUtf8())))
        .isSorted();
  }

  @Test
  void whileCallsWaitForTheMasterNothingIsTakenFromItAndLaterEverythingIs() {
    begin(1);
    launched(1, "a1");
    Event update = running(0, 1);
    mesos.waiting.set(5_000);
    runtime.suspend("");
    runtime.resume();
    mesos.listener.accept(update);
    runtime.suspend("now");
    await().atMost(LIMIT).until(() -> runtime.problem().equals("now"));
    assertThat(runtime.state().containers().count(Life.RUNNING)).isZero();
    runtime.resume();
    mesos.waiting.set(0);
    await().atMost(LIMIT).until(() -> mesos.calls(Call.Type.ACKNOWLEDGE).size() == 1);
  }

  /** Messages in the mailbox. */
  private int waiting() {
    return metrics
        .exposition()
        .lines()
        .filter(line -> line.startsWith("heron_mailbox_messages"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** A KILL is sent again when no end was heard of; here the ends wait to be heard. */
  @Test
  void whileCallsWaitForTheMasterNoAlarmAddsToThem() {
    int containers = 20;
    begin(containers);
    launched(containers, "a1");
    List<Event> ends =
        IntStream.range(0, containers)
            .mapToObj(id -> update(id, id, TaskState.TASK_KILLED))
            .toList();
    // At once, on the runtime's own thread: no alarm can come in between.
    mesos.afterwards =
        call -> {
          if (mesos.calls(Call.Type.KILL).size() == containers) {
            mesos.afterwards = further -> {};
            mesos.waiting.set(5_000);
            ends.forEach(mesos.listener);
          }
        };
    CompletableFuture<Outcome> kill = runtime.kill();
    // The alarms of all of them have come, behind their ends.
    await().atMost(LIMIT).until(() -> waiting() >= 2 * containers);
    mesos.waiting.set(0);
    await().atMost(LIMIT).until(() -> !mesos.calls(Call.Type.TEARDOWN).isEmpty());
    assertThat(mesos.calls(Call.Type.KILL)).hasSize(containers);
    assertThat(kill).isNotDone();
  }

  @Test
  void aRoundOfLaunchesIsOneTransactionHoweverManyOffersAndContainersItHas() {
    begin(40);
    int before = tree.transactions();
    launched(40, "a1", "a2", "a3", "a4");
    await().atMost(LIMIT).until(() -> mesos.calls(Call.Type.ACCEPT).size() == 4);
    assertThat(tree.transactions()).isEqualTo(before + 1);
  }

  // A thread that ended without a word would keep the leadership, and do nothing with it.
  @Test
  void anErrorInADecisionEndsTheRuntimeAsAFailure() throws Exception {
    describer = new Overflowing();
    begin(1);
    mesos.listener.accept(new Event.Offers(List.of(OfferBuilder.usual("o1", "a1"))));
    assertThat(runtime.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            End.Failed.class, end -> assertThat(end.why()).contains("StackOverflowError"));
    assertThat(mesos.closed).isTrue();
    assertThat(runtime.kill().join().ok()).isFalse();
  }

  private void failedWith(String error) throws Exception {
    assertThat(runtime.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            End.Failed.class, end -> assertThat(end.why()).contains(error).contains("run on"));
    assertThat(mesos.closed).isTrue();
    assertThat(runtime.kill().join().ok()).isFalse();
  }

  @Test
  void anErrorInTheStoresThreadEndsTheRuntimeAsAFailure() throws Exception {
    begin(1);
    launched(1, "a1");
    executor.hold();
    mesos.listener.accept(running(0, 1));
    await().atMost(LIMIT).until(() -> !executor.kept.isEmpty());
    tree.afterNextTransaction(
        () -> {
          throw new NoClassDefFoundError("of a newer version");
        });
    executor.release();
    failedWith("NoClassDefFoundError");
    assertThat(mesos.calls(Call.Type.ACKNOWLEDGE)).isEmpty();
  }

  @Test
  void aConnectionThatFailedForGoodEndsTheRuntimeAsAFailure() throws Exception {
    begin(1);
    mesos.ended.completeExceptionally(new NoClassDefFoundError("of a newer version"));
    failedWith("NoClassDefFoundError");
  }

  @Test
  void anErrorByWhichAnAlarmIsNotRungIsTold() throws Exception {
    begin(0);
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    try (Alarms alarms =
        new Alarms(
            Clock.systemUTC(),
            timer -> {
              throw new NoClassDefFoundError("of a newer version");
            },
            told::complete)) {
      alarms.set(new Timer.Sweep(), Clock.systemUTC().instant());
      assertThat(told.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(NoClassDefFoundError.class);
    }
  }

  @Test
  void aDeposedRuntimeAcknowledgesNothingAndEnds() {
    begin(1);
    launched(1, "a1");
    FrameworkStore successor = InMemoryFrameworkStore.open(tree, WORDS);
    successor.takeOver("successor").join();
    mesos.listener.accept(running(0, 1));
    await().atMost(LIMIT).until(() -> runtime.finished().isDone());
    assertThat(runtime.finished().join())
        .isInstanceOfSatisfying(
            End.Deposed.class,
            end -> assertThat(end.why()).contains("another scheduler has taken over"));
    assertThat(mesos.calls(Call.Type.ACKNOWLEDGE)).isEmpty();
    assertThat(mesos.closed).isTrue();
    assertThat(runtime.kill().join().ok()).isFalse();
  }
}
