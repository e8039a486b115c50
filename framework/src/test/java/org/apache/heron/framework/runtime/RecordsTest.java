package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.framework.core.Aim;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.RecordChange;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Traits;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.ContainerRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.junit.jupiter.api.Test;

/** Everything that matters survives the way to the store and back. */
class RecordsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final Size SIZE = new Size(1000, 1000, 1000, 9);

  private static final History HISTORY =
      History.NONE.with(
          new Happening(NOW, Happening.Kind.FAILED, 2, "it failed"), History.Bounds.CONTAINER);

  private final Records records = new Records("words", "words-id");

  private static Container container(int id, Life life) {
    Optional<Instant> due =
        life == Life.BACKING_OFF ? Optional.of(NOW.plusSeconds(77)) : Optional.empty();
    Optional<Task> task =
        life.hasTask()
            ? Optional.of(
                new Task(
                    new TaskId("words-" + id + "-3-01234567"),
                    new AgentId("a1"),
                    "a1.example",
                    new Traits("eu", "eu-1", Map.of("rack", "r1")),
                    SIZE.cpus(),
                    SIZE.memMb(),
                    SIZE.diskMb(),
                    List.of(1, 2, 3, 4, 5, 6, 7, 8, 9)))
            : Optional.empty();
    return new Container(
        new ContainerId(id),
        SIZE,
        Aim.RUN,
        life,
        NOW.minusSeconds(5),
        3,
        2,
        "it failed",
        due,
        task,
        HISTORY);
  }

  @Test
  void everyLifeIsRestored() {
    List<RecordChange> changes = new ArrayList<>();
    changes.add(
        new RecordChange.Framework(
            Optional.of("framework-1"), Optional.of("ada"), true, 4, History.NONE));
    Map<ContainerId, Size> sizes = new LinkedHashMap<>();
    for (Life life : Life.values()) {
      Container container = container(sizes.size(), life);
      sizes.put(container.id(), SIZE);
      changes.add(new RecordChange.Put(container));
    }
    State state = records.state(snapshot(changes), sizes, Timing.DEFAULT, NOW);
    assertThat(state.phase()).isEqualTo(Phase.KILLING);
    assertThat(state.frameworkId()).hasValue("framework-1");
    for (Container restored : state.containers()) {
      Life life = List.of(Life.values()).get(restored.id().value());
      Container original = container(restored.id().value(), life);
      assertThat(restored.life()).isEqualTo(life);
      assertThat(restored.task()).isEqualTo(original.task());
      assertThat(restored.attempt()).isEqualTo(3);
      assertThat(restored.failures()).isEqualTo(2);
      assertThat(restored.reason()).isEqualTo("it failed");
      assertThat(restored.history()).isEqualTo(HISTORY);
      if (life == Life.BACKING_OFF) {
        assertThat(restored.due()).isEqualTo(original.due());
      } else {
        boolean looksAgain = life.hasTask() && life != Life.RUNNING;
        assertThat(restored.due().isPresent()).isEqualTo(looksAgain);
      }
    }
  }

  @Test
  void thePlanSaysWhatIsWantedWhateverTheRecordsSay() {
    Container surplus = container(7, Life.RUNNING);
    Container wantedAgain = container(1, Life.RUNNING).withAim(Aim.REMOVE);
    Container marked = container(2, Life.RUNNING).withAim(Aim.RENEW);
    Snapshot snapshot =
        snapshot(
            List.of(
                new RecordChange.Framework(
                    Optional.of("framework-1"), Optional.of("ada"), false, 11, History.NONE),
                new RecordChange.Put(surplus),
                new RecordChange.Put(wantedAgain),
                new RecordChange.Put(marked)));
    Size larger = new Size(2000, 1000, 1000, 9);
    Map<ContainerId, Size> sizes =
        Map.of(new ContainerId(0), SIZE, new ContainerId(1), SIZE, new ContainerId(2), larger);
    State state = records.state(snapshot, sizes, Timing.DEFAULT, NOW);
    assertThat(state.containers().stream().map(Container::aim))
        .containsExactly(Aim.RUN, Aim.RUN, Aim.RENEW, Aim.REMOVE);
    assertThat(state.containers().floor()).isEqualTo(11);
    assertThat(state.containers().get(new ContainerId(0)).orElseThrow().attempt()).isEqualTo(11);
    Container resized = state.containers().get(new ContainerId(2)).orElseThrow();
    assertThat(resized.size()).isEqualTo(larger);
    assertThat(resized.currentTask()).isEqualTo(marked.currentTask());
    assertThat(state.containers().get(new ContainerId(7)).orElseThrow().currentTask())
        .isEqualTo(surplus.currentTask());
  }

  private Snapshot snapshot(List<RecordChange> changes) {
    Batch batch = records.batch(changes, NOW);
    TreeMap<Integer, ContainerRecord> containers = new TreeMap<>();
    batch.containers().forEach(record -> containers.put(record.containerId(), record));
    return new Snapshot(1, batch.framework(), containers);
  }
}
