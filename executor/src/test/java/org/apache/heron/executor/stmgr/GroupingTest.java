package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.heron.api.Config;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.BoltDeclarer;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.executor.stmgr.Seen.Sighting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which task gets what, over two containers. */
class GroupingTest {

  private static final int SPOUTS = 2;
  private static final int BOLTS = 4;
  private static final int PER_SPOUT = 500;

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  private interface Grouping {
    void apply(BoltDeclarer declarer);
  }

  private static List<Sighting> run(Grouping grouping, int expected) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(PER_SPOUT, false), SPOUTS);
    grouping.apply(builder.setBolt("seen", new Seen("seen"), BOLTS));
    try (Containers containers = Containers.of(builder, new Config(), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") >= expected);
      containers.awaitCounted("words", SPOUTS * PER_SPOUT, "seen", expected);
      assertThat(containers.emitted("words")).isEqualTo(SPOUTS * PER_SPOUT);
      assertThat(containers.executed("seen")).isEqualTo(expected);
    }
    return Recorder.get("seen").stream().map(Sighting.class::cast).toList();
  }

  private static Map<Integer, Long> byTask(List<Sighting> sightings) {
    return sightings.stream().collect(Collectors.groupingBy(Sighting::task, Collectors.counting()));
  }

  @Test
  void shuffleGivesEveryTaskTheSame() {
    List<Sighting> sightings = run(bolt -> bolt.shuffleGrouping("words"), SPOUTS * PER_SPOUT);
    assertThat(byTask(sightings)).hasSize(BOLTS).containsValue((long) SPOUTS * PER_SPOUT / BOLTS);
    assertThat(Set.copyOf(sightings)).hasSize(SPOUTS * PER_SPOUT);
  }

  @Test
  void equalFieldsMeetInOneTask() {
    List<Sighting> sightings =
        run(bolt -> bolt.fieldsGrouping("words", new Fields("number")), SPOUTS * PER_SPOUT);
    Map<String, Set<Integer>> tasksByNumber =
        sightings.stream()
            .collect(
                Collectors.groupingBy(
                    sighting -> sighting.word().toString().replaceAll(".*:", ""),
                    Collectors.mapping(Sighting::task, Collectors.toSet())));
    assertThat(tasksByNumber).hasSize(PER_SPOUT);
    assertThat(tasksByNumber.values()).allMatch(tasks -> tasks.size() == 1);
    assertThat(byTask(sightings)).hasSize(BOLTS);
  }

  @Test
  void allGivesEveryTaskEverything() {
    List<Sighting> sightings = run(bolt -> bolt.allGrouping("words"), SPOUTS * PER_SPOUT * BOLTS);
    assertThat(byTask(sightings)).hasSize(BOLTS).containsValue((long) SPOUTS * PER_SPOUT);
    assertThat(Set.copyOf(sightings)).hasSize(SPOUTS * PER_SPOUT * BOLTS);
  }

  @Test
  void globalGivesTheLowestTaskEverything() {
    List<Sighting> sightings = run(bolt -> bolt.globalGrouping("words"), SPOUTS * PER_SPOUT);
    // tasks are numbered by component name: seen before words
    assertThat(byTask(sightings)).isEqualTo(Map.of(1, (long) SPOUTS * PER_SPOUT));
  }

  @Test
  void noneSpreadsAsShuffleDoes() {
    List<Sighting> sightings = run(bolt -> bolt.noneGrouping("words"), SPOUTS * PER_SPOUT);
    assertThat(byTask(sightings)).hasSize(BOLTS);
  }

  /** Names the first task of a bolt for every tuple. */
  private static final class ToTheFirst extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private final String component;
    private SpoutOutputCollector collector;
    private int target;
    private int next;

    ToTheFirst(String component) {
      this.component = component;
    }

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
      target = context.getComponentTasks(component).get(0);
    }

    @Override
    public void nextTuple() {
      if (next < PER_SPOUT) {
        collector.emitDirect(target, "default", new Values("word " + next, next), next++);
      }
    }

    @Override
    public void ack(Object messageId) {
      Recorder.add("acked", messageId);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("word", "number"));
    }
  }

  /** Would give everything to every task, if it were asked. */
  private static final class Everybody implements CustomStreamGrouping {

    private static final long serialVersionUID = 1L;
    private List<Integer> tasks;

    @Override
    public void prepare(
        TopologyContext context, String component, String stream, List<Integer> targets) {
      tasks = targets;
    }

    @Override
    public List<Integer> chooseTasks(List<Object> values) {
      return tasks;
    }
  }

  /** Facts of upstream: StMgr::HandleInstanceData, AbstractOutputCollector.initTupleBuilder. */
  @Test
  void whoIsNamedGetsTheTupleHoweverItSubscribedAndTheOthersAsTheyDid() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new ToTheFirst("grouped"), 1);
    builder.setBolt("grouped", new Seen("grouped"), 2).allGrouping("words");
    builder.setBolt("other", new Seen("other"), 2).shuffleGrouping("words");
    builder.setBolt("direct", new Seen("direct"), 2).directGrouping("words");
    builder.setBolt("custom", new Seen("custom"), 2).customGrouping("words", new Everybody());
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      // all trees are complete: nothing more is on its way
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == PER_SPOUT);
      Map<Integer, Long> grouped =
          byTask(Recorder.get("grouped").stream().map(Sighting.class::cast).toList());
      assertThat(grouped.values()).containsExactlyInAnyOrder(2L * PER_SPOUT, (long) PER_SPOUT);
      assertThat(Recorder.count("other")).isEqualTo(PER_SPOUT);
      assertThat(Recorder.count("direct")).isZero();
      assertThat(Recorder.count("custom")).isZero();
      assertThat(containers.counters("words").get(0).exceptionCount()).isZero();
    }
  }

  @Test
  void aTaskThatDidNotSubscribeCannotBeNamed() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new ToTheFirst("words"), 1);
    builder.setBolt("direct", new Seen("direct"), 1).directGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await()
          .atMost(PATIENCE)
          .until(() -> containers.counters("words").get(0).exceptionCount() > 0);
      assertThat(Recorder.count("direct")).isZero();
    }
  }
}
