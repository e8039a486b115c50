package org.apache.heron.framework.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
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
            "words", "words-1", Optional.empty(), Goal.REMOVE, FrameworkStoreContract.NOW, 0);
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
            BackoffRecord.NONE);
    assertThat(all.toProto().toByteString()).isEqualTo(golden("container-phases-1.pb"));
    assertThat(RecordFormat.container("node", golden("container-phases-1.pb"))).isEqualTo(all);
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
