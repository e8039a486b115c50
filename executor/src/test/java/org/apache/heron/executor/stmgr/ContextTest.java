package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.hooks.BaseTaskHook;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What user code is given is its own, and may be changed. */
class ContextTest {

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  /** Sorts its tasks the other way round, and keeps only the highest. */
  private static final class KeepsTheHighest implements CustomStreamGrouping {

    private static final long serialVersionUID = 1L;
    private List<Integer> tasks;

    @Override
    public void prepare(
        TopologyContext context, String component, String stream, List<Integer> targets) {
      targets.sort((a, b) -> b - a);
      targets.subList(1, targets.size()).clear();
      tasks = targets;
    }

    @Override
    public List<Integer> chooseTasks(List<Object> values) {
      return tasks;
    }
  }

  @Test
  void aCustomGroupingMayChangeTheListOfItsTasks() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(100, false), 1);
    builder.setBolt("bolt", new Seen("seen"), 3).customGrouping("words", new KeepsTheHighest());
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 100);
      assertThat(Recorder.get("seen")).allMatch(seen -> ((Seen.Sighting) seen).task() == 3);
      assertThat(containers.counters("words").get(0).exceptionCount()).isZero();
    }
  }

  /** Empties whatever it is given, and asks again. */
  private static final class Emptying extends Seen {

    private static final long serialVersionUID = 1L;

    Emptying() {
      super("seen");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      super.prepare(config, context, out);
      config.clear();
      context.getComponentTasks("bolt").clear();
      context.getComponentTasks("nobody").add(1);
      context.getComponentIds().clear();
      context.getTaskToComponent().clear();
      context.getThisStreams().clear();
      context.getThisSources().clear();
      context.getThisTargets().values().forEach(Map::clear);
      context.getThisTargets().clear();
      Recorder.add("tasks", context.getComponentTasks("bolt"));
      Recorder.add("nobody", context.getComponentTasks("nobody"));
      Recorder.add("components", context.getComponentIds());
      Recorder.add("components", context.getTaskToComponent());
      Recorder.add("streams", context.getThisStreams());
      Recorder.add("sources", context.getThisSources().size());
      Recorder.add("targets", context.getThisTargets());
    }
  }

  @Test
  void whatTheContextAnswersIsTheAskersOwn() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(100, false), 1);
    builder.setBolt("bolt", new Emptying(), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 100);
      assertThat(Recorder.get("tasks")).containsExactly(List.of(1));
      assertThat(Recorder.get("nobody")).containsExactly(List.of());
      assertThat(Recorder.get("components"))
          .containsExactly(Set.of("bolt", "words"), Map.of(1, "bolt", 2, "words"));
      assertThat(Recorder.get("streams")).containsExactly(Set.of("default"));
      assertThat(Recorder.get("sources")).containsExactly(1);
      assertThat(Recorder.get("targets")).containsExactly(Map.of("default", Map.of()));
      assertThat(containers.counters("bolt").get(0).exceptionCount()).isZero();
    }
  }

  /** Takes the list of tasks for its own. */
  private static final class Watching extends BaseTaskHook {

    @Override
    public void emit(EmitInfo info) {
      Collection<Integer> tasks = info.getOutTasks();
      tasks.add(-1);
      Recorder.add("hooked", List.copyOf(tasks));
    }
  }

  /** Adds a hook to the collection of them, and to the values of ticks. */
  private static final class Hooked extends Seen {

    private static final long serialVersionUID = 1L;

    Hooked() {
      super("seen");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      super.prepare(config, context, out);
      context.getHooks().add(new Watching());
    }

    @Override
    public void execute(Tuple tuple) {
      if (tuple.getSourceStreamId().equals("__tick")) {
        tuple.getValues().add("more");
        Recorder.add("ticks", tuple.getValues());
      } else {
        super.execute(tuple);
      }
    }
  }

  @Test
  void aHookThatIsAddedToTheCollectionOfHooksIsCalled() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(10, false), 1);
    builder
        .setBolt("bolt", new Hooked(), 1)
        .shuffleGrouping("words")
        .addConfiguration(Config.TOPOLOGY_TICK_TUPLE_FREQ_MS, 50);
    builder.setBolt("last", new Seen("last"), 1).shuffleGrouping("bolt");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("last") == 10);
      await().atMost(PATIENCE).until(() -> Recorder.count("ticks") > 1);
      assertThat(Recorder.get("hooked")).hasSize(10).containsOnly(List.of(2, -1));
      assertThat(Recorder.get("ticks")).containsOnly(List.of("more"));
      assertThat(containers.counters("bolt").get(0).exceptionCount()).isZero();
    }
  }
}
