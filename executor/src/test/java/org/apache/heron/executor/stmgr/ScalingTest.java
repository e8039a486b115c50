package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.topology.IUpdatable;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.stmgr.Containers.Place;
import org.apache.heron.executor.stmgr.Seen.Sighting;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans change while tuples flow, with nobody deactivating anything unless a test says so. */
class ScalingTest {

  private static final long PAUSE_NANOS = 100_000;
  private static final AtomicBoolean DRY = new AtomicBoolean();
  private static final AtomicInteger ALLOWED = new AtomicInteger();

  @BeforeEach
  void forget() {
    Recorder.clear();
    DRY.set(false);
  }

  /** Emits new words until the source runs dry, and again what fails. */
  private static final class Source extends Sequence {

    private static final long serialVersionUID = 1L;

    Source() {
      super(Long.MAX_VALUE, true);
    }

    @Override
    boolean dry() {
      // tests look through all records again and again
      LockSupport.parkNanos(PAUSE_NANOS);
      return DRY.get();
    }
  }

  private static Config acking() {
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(300);
    config.setNumStmgrs(2);
    return config;
  }

  /** Two spouts and two bolts on two containers: tasks 1 and 2 are bolts, 3 and 4 spouts. */
  private static Containers words(Config config) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Source(), 2);
    builder.setBolt("count", new Seen("seen"), 2).fieldsGrouping("words", new Fields("word"));
    return Containers.of(builder, config, 2).start();
  }

  private static List<Place> with(List<Place> places, Place... more) {
    List<Place> all = new ArrayList<>(places);
    all.addAll(List.of(more));
    return all;
  }

  private static List<Place> without(List<Place> places, int... tasks) {
    Set<Integer> gone = new HashSet<>();
    for (int task : tasks) {
      gone.add(task);
    }
    return places.stream().filter(place -> !gone.contains(place.task())).toList();
  }

  private static void awaitMoreThan(String record, int more) {
    int before = Recorder.count(record);
    await(record).atMost(PATIENCE).until(() -> Recorder.count(record) > before + more);
  }

  /** Ends the flow, and counts: every word emitted was seen and acked, exactly once. */
  private static void assertNothingWasLostOrSeenTwice(Containers containers) {
    drain(containers);
    List<Object> acked = Recorder.get("acked");
    List<Object> seen =
        Recorder.get("seen").stream().map(each -> ((Sighting) each).word()).toList();
    assertThat(Recorder.get("failed")).isEmpty();
    assertThat(acked).doesNotHaveDuplicates();
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(new HashSet<>(seen)).isEqualTo(new HashSet<>(acked));
    assertThat(containers.fatal).isEmpty();
  }

  private static void drain(Containers containers) {
    DRY.set(true);
    BooleanSupplier done =
        () ->
            containers.counters("words").stream().allMatch(spout -> spout.pending() == 0)
                && Recorder.count("acked") == Recorder.count("emitted");
    await().atMost(PATIENCE).until(done::getAsBoolean);
  }

  private static Set<Integer> tasksThatSaw(int fromSighting) {
    Set<Integer> tasks = new TreeSet<>();
    List<Object> seen = Recorder.get("seen");
    seen.subList(fromSighting, seen.size()).forEach(each -> tasks.add(((Sighting) each).task()));
    return tasks;
  }

  @Test
  void growingAndShrinkingWhileTuplesFlowLosesNothing() {
    try (Containers containers = words(acking())) {
      List<Place> small = containers.places();
      awaitMoreThan("acked", 500);

      containers.add(3);
      containers.apply(
          with(
              small,
              new Place("count", 5, 2, 3),
              new Place("count", 6, 3, 3),
              new Place("words", 7, 2, 3)));

      await().atMost(PATIENCE).until(() -> tasksThatSaw(0).containsAll(List.of(1, 2, 5, 6)));
      await().atMost(PATIENCE).until(() -> Recorder.get("opened").contains(7));
      awaitMoreThan("acked", 500);
      assertThat(Recorder.get("closed")).isEmpty();

      containers.apply(small);

      await().atMost(PATIENCE).until(() -> Recorder.get("closed").contains(7));
      await().atMost(PATIENCE).until(() -> containers.container(3).get().instances().isEmpty());
      int shrunk = Recorder.count("seen");
      awaitMoreThan("seen", 500);
      assertThat(tasksThatSaw(shrunk)).containsExactly(1, 2);
      assertThat(Recorder.get("opened"))
          .as("spouts that stayed were never opened again")
          .containsExactlyInAnyOrder(3, 4, 7);
      assertNothingWasLostOrSeenTwice(containers);
    }
  }

  @Test
  void anInstanceMovesWithItsTaskId() {
    try (Containers containers = words(acking())) {
      awaitMoreThan("acked", 500);
      // the spout of task 3 and the bolt of task 2 change places
      List<Place> moved =
          with(
              without(containers.places(), 2, 3),
              new Place("count", 2, 1, 1),
              new Place("words", 3, 0, 2));

      containers.apply(moved);

      await().atMost(PATIENCE).until(() -> Recorder.get("closed").contains(3));
      awaitMoreThan("acked", 500);
      assertThat(Recorder.get("opened")).containsExactlyInAnyOrder(3, 4, 3);
      // the one that moved begins anew, and with the words of before
      DRY.set(true);
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == Recorder.count("emitted"));
      assertThat(Recorder.get("failed")).isEmpty();
    }
  }

  @Test
  void aTaskIdThatBecomesAnotherComponentsGetsNoneOfItsTuples() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Source(), 1);
    builder.setBolt("first", new Seen("first"), 1).shuffleGrouping("words");
    builder.setBolt("second", new Seen("seen"), 1).shuffleGrouping("first");
    // first is task 1 in container 1, second task 2 in container 2, words task 3 in container 1
    try (Containers containers = Containers.of(builder, acking(), 2).start()) {
      awaitMoreThan("acked", 300);
      List<Place> original = containers.places();
      List<Place> swapped =
          with(without(original, 1, 2), new Place("second", 1, 0, 1), new Place("first", 2, 0, 2));

      containers.applyTo(1, swapped);
      // container 2 takes task 2 for the second still
      await().atMost(PATIENCE).until(() -> stuck(containers, "words", 3));
      containers.applyTo(2, swapped);
      awaitMoreThan("acked", 300);
      containers.apply(original);
      awaitMoreThan("acked", 300);

      assertNothingWasLostOrSeenTwice(containers);
      assertThat(Recorder.get("first")).allMatch(each -> ((Sighting) each).sourceTask() == 3);
      assertThat(Recorder.get("seen")).allMatch(each -> ((Sighting) each).sourceTask() < 3);
    }
  }

  /** Counts by task; one of them may only do so much until it is interrupted. */
  private static final class Held extends Seen {

    private static final long serialVersionUID = 1L;

    private final int heldTask;
    private int executed;

    Held(String name, int heldTask) {
      super(name);
      this.heldTask = heldTask;
    }

    @Override
    public void execute(Tuple tuple) {
      while (task == heldTask
          && executed >= ALLOWED.get()
          && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(1_000_000);
      }
      executed++;
      Recorder.add(name + task, "");
      collector.emit(tuple, new Values(tuple.getValue(0), tuple.getValue(1)));
      collector.ack(tuple);
    }

    @Override
    public void cleanup() {
      Recorder.add("ended " + name + task, "");
    }
  }

  @Test
  void whatAnInstanceThatHadToEndHadNotExecutedHoldsNobodyBack() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Source(), 1);
    builder.setBolt("first", new Held("first", 0), 1).shuffleGrouping("words");
    builder.setBolt("second", new Held("second", 2), 1).shuffleGrouping("first");
    Config config = new Config();
    config.setNumStmgrs(2);
    ALLOWED.set(0);
    // first is task 1 in container 1, second task 2 in container 2, words task 3 in container 1;
    // the way from container 1 to task 2 is full long before the queue there is
    try (Containers containers =
        Containers.of(builder, config, 2)
            .with("heron.instance.internal.bolt.read.queue.capacity", 1024)
            .start()) {
      await().atMost(PATIENCE).until(() -> containers.counters("first").get(0).queued() > 2000);
      List<Place> original = containers.places();
      // through what it had taken when the first came; then it takes all that is there
      ALLOWED.set(1000);
      await().atMost(PATIENCE).until(() -> Recorder.count("second2") >= 1000);

      containers.apply(
          with(without(original, 1, 2), new Place("second", 1, 0, 1), new Place("first", 2, 0, 2)));

      awaitMoreThan("first2", 1000);
      await().atMost(PATIENCE).until(() -> Recorder.count("ended second2") == 1);
      ALLOWED.set(Integer.MAX_VALUE);
      int before = Recorder.count("second2");
      containers.apply(original);
      await().atMost(PATIENCE).until(() -> Recorder.count("second2") > before + 20_000);
    }
  }

  @Test
  void tuplesThatComeBeforeThePlanWaitForIt() {
    try (Containers containers = words(acking())) {
      awaitMoreThan("acked", 300);
      List<Place> larger =
          with(containers.places(), new Place("count", 5, 2, 2), new Place("count", 6, 3, 2));

      containers.applyTo(1, larger);
      // its spout has three hundred trees under way, a part of which container 2 cannot place yet
      await().atMost(PATIENCE).until(() -> stuck(containers, "words", 3));
      containers.applyTo(2, larger);

      await().atMost(PATIENCE).until(() -> tasksThatSaw(0).size() == 4);
      assertNothingWasLostOrSeenTwice(containers);
    }
  }

  private static boolean stuck(Containers containers, String component, int task) {
    return containers.counters(component).stream()
        .filter(instance -> instance.taskId() == task)
        .allMatch(instance -> instance.pending() == 300);
  }

  @Test
  void manyUpdatesOneAfterTheOtherEndInTheLast() {
    try (Containers containers = words(acking())) {
      List<Place> first = containers.places();
      awaitMoreThan("acked", 300);
      containers.add(3);
      List<Place> grown = with(first, new Place("count", 5, 2, 3), new Place("words", 6, 2, 3));
      for (int i = 0; i < 5; i++) {
        containers.apply(grown);
        containers.apply(first);
        containers.apply(with(grown, new Place("count", 7, 3, 1)));
      }

      awaitMoreThan("acked", 500);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  containers.counters("count").stream()
                      .map(InstanceCounters::state)
                      .allMatch("RUNNING"::equals));
      assertThat(containers.counters("count"))
          .extracting(InstanceCounters::taskId)
          .containsExactlyInAnyOrder(1, 2, 5, 7);
      assertThat(Recorder.get("opened")).filteredOn(task -> !task.equals(6)).hasSize(2);
      DRY.set(true);
      // spout 6 was closed and opened again: each of its lives had its own words
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == Recorder.count("emitted"));
      assertThat(Recorder.get("failed")).isEmpty();
    }
  }

  @Test
  void aContainerKilledInTheMiddleComesBackIntoTheNewPlan() {
    Config config = acking();
    config.setMessageTimeoutSecs(1);
    try (Containers containers = words(config)) {
      awaitMoreThan("acked", 300);
      containers.add(3);
      List<Place> grown =
          with(containers.places(), new Place("count", 5, 2, 3), new Place("count", 6, 3, 3));
      containers.applyTo(3, grown);
      containers.applyTo(1, grown);
      // container 2 dies before it has heard of the new plan
      containers.kill(2);
      await().atMost(PATIENCE).until(() -> Recorder.count("failed") > 0);

      containers.restart(2);

      await().atMost(PATIENCE).until(() -> tasksThatSaw(0).containsAll(List.of(1, 2, 5, 6)));
      int acked = Recorder.count("acked");
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") > acked + 500);
      DRY.set(true);
      await()
          .atMost(PATIENCE)
          .until(
              () -> containers.counters("words").stream().allMatch(spout -> spout.pending() == 0));
      // at least once: whatever the spout of container 1, which lived on, has emitted was acked
      // (which is written down a moment after the spout has nothing pending any more)
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(ofTask3("acked"))
                      .containsExactlyInAnyOrderElementsOf(ofTask3("emitted")));
    }
  }

  private static Set<String> ofTask3(String what) {
    return Recorder.get(what).stream()
        .map(Object::toString)
        .filter(word -> word.startsWith("3:"))
        .collect(Collectors.toSet());
  }

  @Test
  void anUpdateOfADeactivatedTopologyLosesNothingAndStaysDeactivated() {
    try (Containers containers = words(acking())) {
      List<Place> small = containers.places();
      awaitMoreThan("acked", 300);
      containers.apply(TopologyState.PAUSED);
      containers.add(3);
      containers.apply(with(small, new Place("count", 5, 2, 3), new Place("words", 6, 2, 3)));
      await().atMost(PATIENCE).until(() -> Recorder.get("opened").contains(6));
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == Recorder.count("emitted"));
      assertThat(Recorder.get("emitted")).noneMatch(word -> word.toString().startsWith("6:"));

      containers.apply(TopologyState.RUNNING);

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Recorder.get("acked").stream()
                      .anyMatch(word -> word.toString().startsWith("6:")));
      assertNothingWasLostOrSeenTwice(containers);
    }
  }

  /** Records what it is told of the topology's size. */
  private static final class Curious extends Seen implements IUpdatable {

    private static final long serialVersionUID = 1L;

    Curious() {
      super("seen");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      super.prepare(config, context, out);
      record("prepared", context, String.valueOf(config.get(Config.TOPOLOGY_STMGRS)));
    }

    @Override
    public void update(TopologyContext context) {
      record("updated", context, "");
    }

    @SuppressWarnings("deprecation") // what older topologies ask
    private void record(String event, TopologyContext context, String containers) {
      TopologyAPI.Topology topology = context.getRawTopology();
      String parallelism =
          topology.getBolts(0).getComp().getConfig().getKvsList().stream()
              .filter(pair -> pair.getKey().equals(Config.TOPOLOGY_COMPONENT_PARALLELISM))
              .map(TopologyAPI.Config.KeyValue::getValue)
              .findFirst()
              .orElse("none");
      Recorder.add(
          event + " " + task, context.getComponentTasks("count") + " " + parallelism + containers);
    }

    @Override
    public void execute(Tuple tuple) {
      collector.ack(tuple);
    }
  }

  @Test
  void userCodeSeesTheNewParallelism() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Source(), 1);
    builder.setBolt("count", new Curious(), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, acking(), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("prepared 1") == 1);
      assertThat(Recorder.get("prepared 1")).containsExactly("[1] 12");

      containers.add(3);
      containers.apply(with(containers.places(), new Place("count", 3, 1, 3)));

      await().atMost(PATIENCE).until(() -> Recorder.get("updated 1").contains("[1, 3] 2"));
      await().atMost(PATIENCE).until(() -> Recorder.get("prepared 3").contains("[1, 3] 23"));
    }
  }
}
