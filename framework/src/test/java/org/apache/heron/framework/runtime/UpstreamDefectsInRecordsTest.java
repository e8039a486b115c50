package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.core.TaskDescriber;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.InMemoryFrameworkStore;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.config.Config;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What upstream's scheduler forgets, and this one does not: its process is lost, and another goes
 * on. The tags' numbers are those of docs/upstream-defects.md.
 */
class UpstreamDefectsInRecordsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Size SIZE = new Size(1000, 512_000, 512_000, 9);

  private final InMemoryFrameworkStore.Tree tree = new InMemoryFrameworkStore.Tree();
  private final List<FrameworkRuntime> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(FrameworkRuntime::close);
  }

  /** A scheduler process that goes on from what is in the tree. */
  private FrameworkRuntime process(ScriptedMesos mesos) {
    TaskDescriber describer =
        (id, placed, agent) ->
            TaskInfo.newBuilder()
                .setName("container_" + placed.container())
                .setTaskId(TaskID.newBuilder().setValue(id.value()))
                .setAgentId(AgentID.newBuilder().setValue(agent.value()))
                .addAllResources(placed.resources())
                .setCommand(CommandInfo.newBuilder().setValue("run"))
                .build();
    Blueprint blueprint =
        new Blueprint(
            "words",
            "words-id",
            FrameworkDescription.of(Config.of(Map.of("heron.config.role", "ada")), "words"),
            // The container that has failed still waits for its next try when that is looked at.
            Timing.DEFAULT.withBackOff(
                Duration.ofMinutes(5), Duration.ofMinutes(5), Timing.DEFAULT.settledAfter()),
            describer);
    Map<ContainerId, Size> sizes = new TreeMap<>();
    for (int id = 0; id < 3; id++) {
      sizes.put(new ContainerId(id), SIZE);
    }
    FrameworkStore store = InMemoryFrameworkStore.open(tree, new Submission("words", "words-id"));
    FrameworkRuntime runtime =
        FrameworkRuntime.restore(
            new Core(blueprint),
            blueprint,
            store,
            store.takeOver("here").join(),
            sizes,
            Clock.systemUTC(),
            "here",
            new FrameworkMetrics("words", "mesos", "ada", "default", Clock.systemUTC()));
    started.add(runtime);
    runtime.start(mesos);
    return runtime;
  }

  /** A process whose containers run, but for the last, which has failed. */
  private FrameworkRuntime running(ScriptedMesos mesos) {
    FrameworkRuntime runtime = process(mesos);
    mesos.tell(new Event.Connected(), new Event.Subscribed("framework-1", "127.0.0.1:5050"));
    mesos.tell(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    List<TaskInfo> tasks =
        mesos.next(Call.Type.ACCEPT).getAccept().getOperations(0).getLaunch().getTaskInfosList();
    assertThat(tasks).hasSize(3);
    mesos.tell(
        update(runtime, 0, TaskState.TASK_RUNNING),
        update(runtime, 1, TaskState.TASK_RUNNING),
        update(runtime, 2, TaskState.TASK_FAILED));
    await().atMost(LIMIT).until(() -> mesos.calls(Call.Type.ACKNOWLEDGE).size() == 3);
    return runtime;
  }

  private static Event update(FrameworkRuntime runtime, int id, TaskState state) {
    var task = container(runtime, id).currentTask();
    return new Event.TaskUpdated(
        new StatusUpdate(
            task.id(),
            state,
            Optional.of(task.agent()),
            "said Mesos",
            "",
            Optional.of(ByteString.copyFromUtf8("uuid"))));
  }

  private static Container container(FrameworkRuntime runtime, int id) {
    return runtime.state().containers().get(new ContainerId(id)).orElseThrow();
  }

  // Upstream registers anew each time, and Mesos ends all tasks when its process is away.
  @Test
  @Tag("upstream-1")
  void aSchedulerThatIsStartedAgainIsTheSameFrameworkWhichMesosHasKept() {
    running(new ScriptedMesos()).close();
    ScriptedMesos mesos = new ScriptedMesos();
    FrameworkRuntime second = process(mesos);
    mesos.tell(new Event.Connected());
    Call subscribe = mesos.next(Call.Type.SUBSCRIBE);
    assertThat(subscribe.getFrameworkId().getValue()).isEqualTo("framework-1");
    FrameworkInfo info = subscribe.getSubscribe().getFrameworkInfo();
    assertThat(info.getId().getValue()).isEqualTo("framework-1");
    assertThat(info.getFailoverTimeout()).isGreaterThan(86_400);
    assertThat(info.getCheckpoint()).isTrue();
    // And never another in its place, whatever the master says.
    mesos.tell(new Event.MasterError("Framework has been removed"));
    await().atMost(LIMIT).until(() -> second.state().problem().contains("framework-1"));
    assertThat(mesos.calls(Call.Type.SUBSCRIBE)).hasSize(1);
  }

  // Upstream has containers, task ids, queue and attempts in memory only.
  @Test
  @Tag("upstream-2")
  void whatTheSchedulerKnowsOutlivesItsProcess() {
    FrameworkRuntime first = running(new ScriptedMesos());
    first.close();
    FrameworkRuntime second = process(new ScriptedMesos());
    for (int id = 0; id < 3; id++) {
      Container before = container(first, id);
      Container after = container(second, id);
      assertThat(after.life()).isEqualTo(before.life());
      assertThat(after.task()).isEqualTo(before.task());
      assertThat(after.attempt()).isEqualTo(1);
      assertThat(after.failures()).isEqualTo(before.failures());
      assertThat(after.reason()).isEqualTo(before.reason());
    }
    assertThat(container(second, 2).life()).isEqualTo(Life.BACKING_OFF);
  }

  // Upstream's process waits for ever when its driver has been aborted.
  @Test
  @Tag("upstream-4")
  void aProcessThatMustNotGoOnEndsAndSaysWhy() throws Exception {
    ScriptedMesos mesos = new ScriptedMesos();
    FrameworkRuntime runtime = running(mesos);
    process(new ScriptedMesos());
    mesos.tell(new Event.MasterError("Framework failed over"));
    assertThat(runtime.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            End.Deposed.class, end -> assertThat(end.why()).contains("taken over"));
    assertThat(mesos.isClosed()).isTrue();
  }

  // Upstream has one process, on the host that submitted, and nobody who would go on for it.
  @Test
  @Tag("upstream-23")
  void anotherProcessTakesOverAndTheFormerCanDoNothingMore() throws Exception {
    ScriptedMesos former = new ScriptedMesos();
    FrameworkRuntime first = running(former);
    ScriptedMesos mesos = new ScriptedMesos();
    FrameworkRuntime second = process(mesos);
    int sent = former.calls(Call.Type.ACKNOWLEDGE).size();
    former.tell(update(first, 1, TaskState.TASK_FAILED));
    assertThat(first.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(End.Deposed.class);
    assertThat(former.calls(Call.Type.ACKNOWLEDGE)).as("nothing after the write").hasSize(sent);
    assertThat(container(second, 1).life()).isEqualTo(Life.RUNNING);
    mesos.tell(new Event.Connected(), new Event.Subscribed("framework-1", "127.0.0.1:5050"));
    assertThat(mesos.next(Call.Type.RECONCILE).getReconcile().getTasksCount()).isEqualTo(2);
    assertThat(mesos.calls(Call.Type.ACCEPT)).isEmpty();
  }
}
