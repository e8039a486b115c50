package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What holds after every event, whatever happens in whatever order. */
class CorePropertiesTest {
  private static final String[] AGENTS = {"a1", "a2", "a3"};
  private static final int STEPS = 120;

  /** What is true of the tasks, whatever the framework knows. */
  private static final class World {
    final Random random;
    final Story story = Story.of(4).subscribed();
    final Map<TaskId, String> launched = new HashMap<>();
    final Set<TaskId> dead = new HashSet<>();
    final Set<TaskId> asked = new HashSet<>();
    final Set<TaskId> away = new HashSet<>();
    int offers;
    int calls;
    boolean isAsked;

    World(long seed) {
      random = new Random(seed);
    }

    TaskId anyTask() {
      List<TaskId> all = new ArrayList<>(launched.keySet());
      all.sort(java.util.Comparator.comparing(TaskId::value));
      return all.isEmpty() ? new TaskId("words-1-1-00000000") : all.get(random.nextInt(all.size()));
    }

    /** Takes in what was called; what a task was launched with must be on record. */
    void look() {
      for (Call call : story.calls.subList(calls, story.calls.size())) {
        if (call.getType() == Call.Type.KILL) {
          asked.add(new TaskId(call.getKill().getTaskId().getValue()));
        } else if (call.getType() == Call.Type.RECONCILE) {
          isAsked = true; // and answers for all, also where only some were asked for
        } else if (call.getType() == Call.Type.ACCEPT) {
          call.getAccept().getOperationsList().stream()
              .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
              .forEach(this::launch);
        }
      }
      calls = story.calls.size();
    }

    private void launch(TaskInfo info) {
      TaskId id = new TaskId(info.getTaskId().getValue());
      assertThat(launched).as("no task id is used twice").doesNotContainKey(id);
      Container record = story.records.get(id.container().orElseThrow());
      assertThat(record.isCurrent(id)).as("what is launched is on record").isTrue();
      launched.put(id, info.getAgentId().getValue());
    }

    void step() {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> comesFurther(anyTask());
        case 4, 5 -> offer();
        case 6 -> ends(anyTask());
        case 7 -> story.passes(Duration.ofSeconds(1L << random.nextInt(10)));
        case 8 -> agentComesOrGoes(AGENTS[random.nextInt(3)]);
        case 9 -> connection();
        case 10 -> story.restart(random.nextInt(6));
        case 11 -> story.restartAll(random.nextInt(4) - 1);
        case 12 -> scale();
        case 13 -> {
          calls = 0;
          story.restarted().subscribed();
        }
        case 14 ->
            story.happens(
                random.nextBoolean() ? new Event.Resumed() : new Event.Suspended("in doubt"));
        default ->
            story.announced(
                "I" + offers, AGENTS[random.nextInt(3)], story.now, Duration.ofMinutes(3));
      }
      look();
      if (isAsked && story.state.link() == Link.SUBSCRIBED) {
        isAsked = false;
        reconcile();
        look();
      }
    }

    private void offer() {
      String agent = AGENTS[random.nextInt(3)];
      Optional<String> lost = Optional.of(agent).filter(this::isAway);
      if (lost.isEmpty() && story.state.link() == Link.SUBSCRIBED) {
        story.offered(OfferBuilder.usual("O" + ++offers, agent));
      }
    }

    private boolean isAway(String agent) {
      return away.stream().anyMatch(task -> agent.equals(launched.get(task)));
    }

    /** A task that lives reports how it is, and dies if it was asked to. */
    private void comesFurther(TaskId task) {
      boolean hears = !away.contains(task) && story.state.link() == Link.SUBSCRIBED;
      if (!hears || dead.contains(task) || !launched.containsKey(task)) {
        return;
      }
      if (asked.contains(task)) {
        ends(task);
      } else {
        TaskState[] states = {
          TaskState.TASK_STAGING, TaskState.TASK_STARTING, TaskState.TASK_RUNNING
        };
        story.updated(task, states[random.nextInt(3)], launched.get(task));
      }
    }

    private void ends(TaskId task) {
      if (away.contains(task) || !launched.containsKey(task)) {
        return;
      }
      TaskState[] states = {
        TaskState.TASK_FAILED, TaskState.TASK_KILLED, TaskState.TASK_FINISHED, TaskState.TASK_LOST
      };
      dead.add(task);
      if (story.state.link() == Link.SUBSCRIBED) {
        story.updated(task, states[random.nextInt(4)], launched.get(task));
      }
    }

    private void agentComesOrGoes(String agent) {
      boolean returns = isAway(agent);
      List<TaskId> there =
          launched.keySet().stream()
              .filter(task -> launched.get(task).equals(agent) && !dead.contains(task))
              .sorted(java.util.Comparator.comparing(TaskId::value))
              .toList();
      for (TaskId task : there) {
        boolean told = story.state.link() == Link.SUBSCRIBED;
        if (returns) {
          away.remove(task);
        } else {
          away.add(task);
        }
        if (told) {
          story.updated(task, returns ? TaskState.TASK_RUNNING : TaskState.TASK_UNREACHABLE, agent);
        }
      }
      story.happens(new Event.AgentLost(new AgentId(agent)));
    }

    private void connection() {
      if (story.state.link() == Link.SUBSCRIBED) {
        story.disconnected();
      } else if (story.state.tenure() == Tenure.HELD) {
        story.subscribed();
      }
    }

    private void reconcile() {
      for (TaskId task : List.copyOf(launched.keySet())) {
        TaskState state =
            away.contains(task)
                ? TaskState.TASK_UNREACHABLE
                : dead.contains(task) ? TaskState.TASK_UNKNOWN : TaskState.TASK_RUNNING;
        story.reconciled(task, state);
      }
    }

    private void scale() {
      int[] wanted = new int[2 + random.nextInt(4)];
      for (int i = 1; i < wanted.length; i++) {
        wanted[i] = i + (random.nextBoolean() ? 0 : 1) * (i == wanted.length - 1 ? 1 : 0);
      }
      story.update(wanted);
    }

    /**
     * At most one copy that lives in sight and was not asked to die, and the framework knows it.
     */
    void noContainerRunsTwice() {
      if (story.state.link() != Link.SUBSCRIBED || story.state.tenure() != Tenure.HELD) {
        return; // a copy that was given up can come back, and be killed only afterwards
      }
      Map<ContainerId, TaskId> alive = new HashMap<>();
      for (TaskId task : launched.keySet()) {
        if (!dead.contains(task) && !asked.contains(task) && !away.contains(task)) {
          TaskId other = alive.put(task.container().orElseThrow(), task);
          assertThat(other).as("a second copy besides " + task).isNull();
        }
      }
    }

    void whatIsKnownIsBounded() {
      int containers = story.state.containers().size();
      assertThat(containers).isLessThanOrEqualTo(12);
      assertThat(story.state.refusals().size()).isLessThanOrEqualTo(containers);
      assertThat(story.state.renewal().underWay().size()).isLessThanOrEqualTo(containers);
      assertThat(story.state.renewal().queue().size()).isLessThanOrEqualTo(containers);
      assertThat(story.state.windows().byAgent().size()).isLessThanOrEqualTo(AGENTS.length);
      assertThat(story.records.size()).isLessThanOrEqualTo(containers);
    }
  }

  @Property(tries = 300)
  void whateverHappensNoContainerRunsTwiceAndNothingGrows(@ForAll long seed) {
    World world = new World(seed);
    for (int i = 0; i < STEPS; i++) {
      world.step();
      world.noContainerRunsTwice();
      world.whatIsKnownIsBounded();
    }
    // What is on record is what is known, save for what only this process needs.
    world.story.records.forEach(
        (id, record) -> {
          Container known = world.story.state.containers().get(id).orElseThrow();
          assertThat(known.life()).isEqualTo(record.life());
          assertThat(known.task()).isEqualTo(record.task());
        });
  }

  @Property(tries = 120)
  void whateverHappenedAllRunWhenFaultsStop(@ForAll long seed) {
    World world = new World(seed);
    for (int i = 0; i < STEPS; i++) {
      world.step();
    }
    Story story = world.story;
    world.away.clear();
    story.happens(new Event.Resumed()).disconnected().subscribed();
    world.look();
    world.reconcile();
    for (int round = 0; round < 60; round++) {
      world.look();
      for (TaskId task : List.copyOf(world.launched.keySet())) {
        if (!world.dead.contains(task) && world.asked.contains(task)) {
          world.ends(task);
        } else if (!world.dead.contains(task)) {
          story.updated(task, TaskState.TASK_RUNNING, world.launched.get(task));
        }
      }
      story.passes(Duration.ofMinutes(1)).offeredBy(AGENTS);
    }
    assertThat(story.state.containers().stream().map(Container::life)).containsOnly(Life.RUNNING);
    assertThat(story.state.containers().stream().map(Container::id).toList())
        .isEqualTo(List.copyOf(story.plan.keySet()));
    assertThat(story.state.pending()).isEmpty();
    world.noContainerRunsTwice();
  }
}
