package org.apache.heron.minicluster.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our master is held against every recording of a real one; see {@link DeliberateDifferences}. */
@Execution(ExecutionMode.CONCURRENT)
class TranscriptReplayTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid-launches",
        "offers-lifecycle",
        "agent-lost",
        "unacknowledged",
        "failover-timeout",
        "protobuf-task",
        "health-checks",
        "failover",
        "agent-gone",
        "agent-lost-not-partition-aware",
        "attributes-and-state",
        "authentication",
        "bad-calls",
        "drain",
        "executor-dies",
        "file-and-http-uris",
        "maintenance",
        "master-failover",
        "protobuf-stream",
        "reserved-roles",
        "subscribe-and-finish",
        "task-failures",
        "zookeeper-leader"
      })
  void theMasterAnswersAsRecorded(String name, @TempDir Path directory) throws Exception {
    try (Replay replay = new Replay(Transcript.read(name), directory, false)) {
      assertThat(replay.run()).as("differences to " + name + ".jsonl").isEmpty();
    }
  }

  /** Master and agent together, for those whose order does not hang on milliseconds. */
  @ParameterizedTest
  @ValueSource(
      strings = {"health-checks", "subscribe-and-finish", "executor-dies", "agent-gone", "drain"})
  void masterAndAgentAnswerAsRecorded(String name, @TempDir Path directory) throws Exception {
    try (Replay replay = new Replay(Transcript.read(name), directory, true)) {
      assertThat(replay.run()).as("differences to " + name + ".jsonl").isEmpty();
    }
  }

  /** The replay itself is tried: it must see what is not as recorded. */
  @Test
  void everyKindOfDifferenceIsSeen(@TempDir Path directory) throws Exception {
    Transcript changed =
        Transcript.read("bad-calls")
            .with("Framework cannot be found", "Framework may be found")
            .with("HTTP/1.1 415", "HTTP/1.1 416")
            .with("\"Allow\":\"POST\"", "\"Allow\":\"PUT\"")
            .with("\"heartbeat_interval_seconds\":15.0", "\"heartbeat_interval_seconds\":16.0")
            .with("\"name\":\"disk\",", "\"name\":\"disk\",\"more\":1,")
            .with("-O0\"", "-S0\"");
    try (Replay replay = new Replay(changed, directory, false)) {
      assertThat(replay.run())
          .anyMatch(each -> each.contains("'Framework may be found', ours 'Framework cannot"))
          .anyMatch(each -> each.contains("recorded status 416, ours 415"))
          .anyMatch(each -> each.contains("recorded 'PUT', ours 'POST'"))
          .anyMatch(each -> each.contains("recorded 16.0, ours 15.0"))
          .anyMatch(each -> each.contains("recorded fields [name, more, type"))
          .anyMatch(each -> each.contains("-O0 before and now is") || each.contains("-S0 was"));
    }
  }
}
