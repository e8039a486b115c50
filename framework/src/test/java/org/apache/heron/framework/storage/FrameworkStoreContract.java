package org.apache.heron.framework.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.placement.Traits;
import org.junit.jupiter.api.Test;

/** What every {@link FrameworkStore} keeps to; each implementation's test extends it. */
abstract class FrameworkStoreContract {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  /** A new store, not closed by the test itself, on the records all stores of one test share. */
  abstract FrameworkStore open(Submission submission);

  final FrameworkStore open() {
    return open(WORDS);
  }

  /** All paths of nodes below /heron/frameworks. */
  abstract List<String> paths();

  static final Submission WORDS = new Submission("words", "words-1");

  static FrameworkRecord framework() {
    return new FrameworkRecord(
        "words",
        WORDS.id(),
        Optional.of("cluster-0001"),
        Optional.empty(),
        Goal.RUN,
        NOW,
        0,
        History.NONE);
  }

  static ContainerRecord running(int id) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("server", 31000);
    ports.put("shell-port", 31001);
    TaskRecord task =
        new TaskRecord(
            "words-" + id + "-2",
            2,
            "agent-S0",
            "agent.example",
            ports,
            TaskPhase.RUNNING,
            NOW,
            Optional.of(
                new StatusRecord(
                    "TASK_RUNNING",
                    "",
                    "SOURCE_EXECUTOR",
                    "",
                    Optional.of(ByteString.copyFromUtf8("0123456789abcdef")),
                    NOW)),
            Traits.NONE,
            Optional.empty());
    return new ContainerRecord(
        id,
        Goal.RUN,
        2,
        Optional.of(task),
        List.of(task.withPhase(TaskPhase.KILLING, NOW)),
        new BackoffRecord(3, Optional.of(NOW.plusSeconds(8)), "exited with status 1"),
        History.NONE);
  }

  /** A container with that task, on an agent with those traits. */
  static ContainerRecord onAgent(TaskRecord task, Traits traits) {
    return new ContainerRecord(
        3,
        Goal.RUN,
        2,
        Optional.of(
            new TaskRecord(
                task.taskId(),
                task.attempt(),
                task.agentId(),
                task.hostname(),
                task.ports(),
                task.phase(),
                task.since(),
                task.lastStatus(),
                traits,
                task.size())),
        List.of(),
        BackoffRecord.NONE,
        History.NONE);
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(60, TimeUnit.SECONDS).join();
  }

  static void assertDeposed(CompletableFuture<?> future) {
    assertThatThrownBy(() -> get(future))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StorageException.Deposed.class)
        .hasMessageContaining("/heron/frameworks/words");
  }

  @Test
  void aFirstTakeOverFindsNothing() {
    assertThat(get(open().takeOver("host:1")))
        .isEqualTo(new Snapshot(1, Optional.empty(), new java.util.TreeMap<>()));
  }

  @Test
  void whatWasWrittenIsReadByTheNextWriter() {
    FrameworkStore first = open();
    get(first.takeOver("host:1"));
    get(
        first.write(
            new Batch(
                Optional.of(framework()),
                List.of(ContainerRecord.fresh(0), running(1), running(2)),
                List.of())));
    get(first.write(new Batch(Optional.empty(), List.of(running(0)), List.of(2, 77))));
    Snapshot read = get(open().takeOver("host:2"));
    assertThat(read.epoch()).isEqualTo(2);
    assertThat(read.framework()).contains(framework());
    assertThat(read.containers()).isEqualTo(Map.of(0, running(0), 1, running(1)));
  }

  @Test
  void aDeposedWriterWritesNothing() {
    FrameworkStore first = open();
    get(first.takeOver("host:1"));
    get(first.write(Batch.of(List.of(ContainerRecord.fresh(1)))));
    FrameworkStore second = open();
    get(second.takeOver("host:2"));
    assertDeposed(first.write(Batch.of(List.of(running(1)))));
    assertDeposed(first.write(Batch.of(framework())));
    assertDeposed(first.removeAll());
    Snapshot read = get(open().takeOver("host:3"));
    assertThat(read.framework()).isEmpty();
    assertThat(read.containers()).isEqualTo(Map.of(1, ContainerRecord.fresh(1)));
    assertDeposed(second.removeAll());
  }

  @Test
  void aWriterOfAFormerLifeWritesNothingIntoTheNext() {
    FrameworkStore former = open();
    get(former.takeOver("host:1"));
    FrameworkStore remover = open();
    get(remover.takeOver("host:2"));
    get(remover.removeAll());
    FrameworkStore next = open();
    assertThat(get(next.takeOver("host:3")).epoch()).isEqualTo(1);
    assertDeposed(former.write(Batch.of(framework())));
    assertThat(get(open().takeOver("host:4")).framework()).isEmpty();
  }

  @Test
  void whoGoesOnAfterTheRemovalFindsNothingAndLeavesNothing() {
    FrameworkStore former = open();
    get(former.takeOver("host:1"));
    get(former.write(Batch.of(framework())));
    FrameworkStore successor = open();
    assertThat(get(successor.succeed("host:2")).epoch()).isEqualTo(2);
    get(successor.removeAll());

    assertThatThrownBy(() -> get(open().succeed("host:3")))
        .hasRootCauseInstanceOf(StorageException.Absent.class);

    assertThat(get(open().takeOver("host:4")).epoch()).isEqualTo(1);
  }

  @Test
  void whoIsOfAnotherSubmissionDeposesNobody() {
    FrameworkStore living = open();
    get(living.takeOver("host:1"));
    get(living.write(Batch.of(framework())));
    Submission former = new Submission("words", "words-0");

    assertThatThrownBy(() -> get(open(former).succeed("host:2")))
        .hasRootCauseInstanceOf(StorageException.Absent.class)
        .hasMessageContaining("words-1");
    assertThatThrownBy(() -> get(open(former).takeOver("host:3")))
        .hasRootCauseInstanceOf(StorageException.Refused.class)
        .hasMessageContaining("an earlier submission")
        .hasMessageContaining("/heron/frameworks/words");

    get(living.write(Batch.of(List.of(running(1)))));
    assertThat(get(open().takeOver("host:4")).epoch()).isEqualTo(2);
  }

  @Test
  void nothingIsLeftAfterRemovalAndNothingCanBeWritten() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(framework())));
    get(store.write(Batch.of(List.of(running(0), running(1)))));
    get(store.removeAll());
    assertThat(paths()).isEmpty();
    assertThatThrownBy(() -> get(store.write(Batch.of(framework()))))
        .hasCauseInstanceOf(StorageException.Closed.class)
        .hasMessageContaining("removed");
    assertThat(paths()).isEmpty();
  }

  @Test
  void tenThousandContainersAreWrittenAndReadAndRemoved() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    List<ContainerRecord> all = new ArrayList<>();
    for (int id = 0; id < 10_000; id++) {
      all.add(running(id));
    }
    get(store.write(Batch.of(all)));
    FrameworkStore next = open();
    Snapshot read = get(next.takeOver("host:2"));
    assertThat(List.copyOf(read.containers().values())).isEqualTo(all);
    get(next.removeAll());
    assertThat(paths()).isEmpty();
  }

  @Test
  void aRecordAboveTheLimitIsRefusedAndTheNextIsWritten() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    BackoffRecord huge = new BackoffRecord(1, Optional.empty(), "x".repeat(600 * 1024));
    ContainerRecord tooLarge =
        new ContainerRecord(1, Goal.RUN, 1, Optional.empty(), List.of(), huge, History.NONE);
    assertThatThrownBy(() -> get(store.write(Batch.of(List.of(tooLarge)))))
        .hasCauseInstanceOf(StorageException.Refused.class)
        .hasMessageContaining("/heron/frameworks/words/container-1")
        .hasMessageContaining("524288");
    get(store.write(Batch.of(List.of(running(1)))));
  }

  @Test
  void manyWritesAtOnceTakeEffectInOrder() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      writes.add(
          round % 3 == 2
              ? store.write(new Batch(Optional.empty(), List.of(), List.of(5)))
              : store.write(
                  Batch.of(
                      List.of(
                          new ContainerRecord(
                              5,
                              Goal.RUN,
                              round,
                              Optional.empty(),
                              List.of(),
                              BackoffRecord.NONE,
                              History.NONE)))));
    }
    get(store.write(Batch.of(List.of(running(5)))));
    assertThat(writes).allMatch(CompletableFuture::isDone);
    assertThat(get(open().takeOver("host:2")).containers()).isEqualTo(Map.of(5, running(5)));
  }

  @Test
  void aClosedStoreSaysSo() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    store.close();
    store.close();
    assertThatThrownBy(() -> get(store.write(Batch.of(framework()))))
        .hasCauseInstanceOf(StorageException.Closed.class);
  }
}
