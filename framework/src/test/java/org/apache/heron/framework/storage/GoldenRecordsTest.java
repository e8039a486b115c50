package org.apache.heron.framework.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.placement.Traits;
import org.apache.heron.proto.framework.FrameworkRecords;
import org.junit.jupiter.api.Test;

/**
 * Records as an earlier version has written them: they must stay readable, and, as long as the
 * format is the same, be written byte for byte. A file is never changed; a new format adds its own.
 */
class GoldenRecordsTest {
  private static ByteString golden(String name) throws IOException {
    try (InputStream in = GoldenRecordsTest.class.getResourceAsStream("/records/" + name)) {
      return ByteString.readFrom(in);
    }
  }

  @Test
  void aFrameworkBeforeAndAfterItsRegistration() throws IOException {
    FrameworkRecord registered = FrameworkStoreContract.framework();
    assertThat(registered.toProto().toByteString()).isEqualTo(golden("framework-1.pb"));
    assertThat(RecordFormat.framework("node", golden("framework-1.pb"))).isEqualTo(registered);
    FrameworkRecord fresh =
        new FrameworkRecord(
            "words",
            "words-1",
            Optional.empty(),
            Optional.empty(),
            Goal.REMOVE,
            FrameworkStoreContract.NOW,
            0,
            History.NONE);
    assertThat(fresh.toProto().toByteString()).isEqualTo(golden("framework-unregistered-1.pb"));
    assertThat(RecordFormat.framework("node", golden("framework-unregistered-1.pb")))
        .isEqualTo(fresh);
  }

  @Test
  void aContainerThatWaitsAndOneThatRuns() throws IOException {
    ContainerRecord running = FrameworkStoreContract.running(3);
    assertThat(running.toProto().toByteString()).isEqualTo(golden("container-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-1.pb"))).isEqualTo(running);
    ContainerRecord fresh = ContainerRecord.fresh(0);
    assertThat(fresh.toProto().toByteString()).isEqualTo(golden("container-fresh-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-fresh-1.pb"))).isEqualTo(fresh);
  }

  @Test
  void everyPhaseOfATask() throws IOException {
    TaskRecord task = FrameworkStoreContract.running(1).task().orElseThrow();
    ContainerRecord all =
        new ContainerRecord(
            1,
            Goal.REMOVE,
            9,
            Optional.empty(),
            List.of(TaskPhase.values()).stream()
                .map(phase -> task.withPhase(phase, FrameworkStoreContract.NOW))
                .toList(),
            BackoffRecord.NONE,
            History.NONE);
    assertThat(all.toProto().toByteString()).isEqualTo(golden("container-phases-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-phases-1.pb"))).isEqualTo(all);
  }

  static ContainerRecord withHistory() {
    History history = new History(7, List.of());
    int second = 0;
    for (Happening.Kind kind : Happening.Kind.values()) {
      history =
          history.with(
              new Happening(
                  FrameworkStoreContract.NOW.plusSeconds(second++),
                  kind,
                  kind == Happening.Kind.NOTE ? 0 : 2,
                  kind == Happening.Kind.RUNNING ? "" : "über " + kind),
              History.Bounds.CONTAINER);
    }
    return new ContainerRecord(
        3, Goal.RUN, 2, Optional.empty(), List.of(), BackoffRecord.NONE, history);
  }

  static FrameworkRecord frameworkWithHistory() {
    return new FrameworkRecord(
        "words",
        "words-1",
        Optional.of("cluster-0001"),
        Optional.empty(),
        Goal.RUN,
        FrameworkStoreContract.NOW,
        0,
        withHistory().history());
  }

  @Test
  void aContainersAndAFrameworksHistory() throws IOException {
    assertThat(withHistory().history().happenings()).hasSize(Happening.Kind.values().length);
    assertThat(withHistory().toProto().toByteString()).isEqualTo(golden("container-history-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-history-1.pb")))
        .isEqualTo(withHistory());
    assertThat(frameworkWithHistory().toProto().toByteString())
        .isEqualTo(golden("framework-history-1.pb"));
    assertThat(RecordFormat.framework("node", golden("framework-history-1.pb")))
        .isEqualTo(frameworkWithHistory());
  }

  private static FrameworkRecord as(String principal) {
    return new FrameworkRecord(
        "words",
        "words-1",
        Optional.of("cluster-0001"),
        Optional.of(principal),
        Goal.RUN,
        FrameworkStoreContract.NOW,
        3,
        History.NONE);
  }

  @Test
  void aFrameworkWithItsPrincipalAndOneThatIsKnownToHaveNone() throws IOException {
    assertThat(as("ada").toProto().toByteString()).isEqualTo(golden("framework-principal-1.pb"));
    assertThat(RecordFormat.framework("node", golden("framework-principal-1.pb")))
        .isEqualTo(as("ada"));
    assertThat(as("").toProto().toByteString()).isEqualTo(golden("framework-no-principal-1.pb"));
    assertThat(RecordFormat.framework("node", golden("framework-no-principal-1.pb")))
        .isEqualTo(as(""));
    assertThat(as("ada").withFrameworkId("2").withGoal(Goal.REMOVE, Instant.EPOCH).principal())
        .hasValue("ada");
  }

  @Test
  void aHappeningOfAKindThatALaterVersionKnowsIsANote() throws IOException {
    // One happening: at 5 ms, of kind 99.
    FrameworkRecords.History proto =
        FrameworkRecords.History.parseFrom(new byte[] {0x12, 4, 0x08, 5, 0x10, 99});
    assertThat(HistoryRecord.fromProto(proto).happenings())
        .containsExactly(new Happening(Instant.ofEpochMilli(5), Happening.Kind.NOTE, 0, ""));
  }

  @Test
  void aTaskOnAnAgentThatSaysWhereItStands() throws IOException {
    TaskRecord task = FrameworkStoreContract.running(1).task().orElseThrow();
    ContainerRecord inRack =
        FrameworkStoreContract.onAgent(
            task, new Traits("eu", "eu-1", Map.of("rack", "r1", "gen", "3")));
    assertThat(inRack.toProto().toByteString()).isEqualTo(golden("container-traits-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-traits-1.pb"))).isEqualTo(inRack);
  }

  @Test
  void anEpoch() throws IOException {
    EpochRecord epoch =
        new EpochRecord(
            7,
            "8b7f2c1e-0000-4000-8000-000000000000",
            "host.example:4711",
            FrameworkStoreContract.NOW,
            42);
    assertThat(epoch.toProto().toByteString()).isEqualTo(golden("epoch-1.pb"));
    assertThat(RecordFormat.epoch("node", golden("epoch-1.pb"))).isEqualTo(epoch);
  }
}
