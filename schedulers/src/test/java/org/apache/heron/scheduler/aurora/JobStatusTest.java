package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.heron.scheduler.aurora.JobStatus.Instance;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobStatusTest {
  private static final JobKey JOB = new JobKey("west", "ada", "devel", "words");

  @Test
  void everyInstanceIsRead() throws IOException {
    JobStatus status = JobStatus.parse(answer());

    assertThat(status.ids()).containsExactly(0, 1, 2, 3);
    Instance first = status.active().get(0);
    assertThat(first.state()).isEqualTo("RUNNING");
    assertThat(first.host()).isEqualTo("agent-7.example");
    assertThat(first.ports()).containsEntry("http", 31005);
    assertThat(first.cpus()).isEqualTo(1.5);
    assertThat(first.memMb()).isEqualTo(2048);
    assertThat(first.diskMb()).isEqualTo(4096);
    assertThat(status.active().get(3).cpus()).as("of an older version").isEqualTo(2);
  }

  @Test
  void aPendingInstanceTellsWhy() throws IOException {
    JobStatus status = JobStatus.parse(answer());

    assertThat(Waits.of(status))
        .contains(
            "1 of 4 instances run; instance 1 is PENDING (Insufficient: cpus); instance 2 is THROTTLED"
                + " (it was FAILED: Failed fetch_heron_system: exit code 22); instance 3 is ASSIGNED on"
                + " agent-9.example");
  }

  @Test
  void aPendingInstanceOfWhichNothingIsSaidWaitsForResources() {
    JobStatus status =
        JobStatus.parse(
            """
            [{"job": "west/ada/devel/words", "active": [{"status": "PENDING", "taskEvents":
            [{"timestamp": 1, "status": "PENDING", "message": null}],
            "assignedTask": {"instanceId": 0, "slaveHost": null, "assignedPorts": null}}],
            "inactive": []}]
            """);
    assertThat(Waits.of(status))
        .contains(
            "0 of 1 instances run; instance 0 is PENDING (no host with enough free resources yet)");
  }

  @Test
  void manyThatWaitAreCounted() {
    StringBuilder tasks = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      tasks
          .append(i == 0 ? "" : ",")
          .append("{\"status\":\"PENDING\",\"assignedTask\":{\"instanceId\":")
          .append(i)
          .append("}}");
    }
    assertThat(Waits.of(JobStatus.parse("[{\"active\":[" + tasks + "],\"inactive\":[]}]")))
        .get()
        .asString()
        .startsWith("0 of 9 instances run; instance 0 is PENDING")
        .endsWith("; and 6 more wait");
  }

  @Test
  void noJobIsNoInstance() {
    assertThat(
            JobStatus.parse(
                "{\"jobspec\":\"west/ada/devel/words\",\"error\":\"No matching jobs found\"}\n"))
        .isEqualTo(JobStatus.none());
  }

  @Test
  void linesOfASitesHooksAreSkipped() {
    assertThat(JobStatus.parse("[warning] use the new hooks\n{not json\n[]\n"))
        .isEqualTo(JobStatus.none());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Active tasks (0):\n",
        "[{\"job\": \"x\"}]",
        "[{\"active\": [{\"status\": 2, \"assignedTask\": {\"instanceId\": 0}}]}]",
        "[{\"active\": [{\"status\": \"RUNNING\", \"assignedTask\": {}}]}]",
        "{\"quota\": {}}",
        "[{\"active\": [{\"status\": \"RUN"
      })
  void whatIsNoStatusIsRefused(String text) {
    assertThatThrownBy(() -> JobStatus.parse(text))
        .isInstanceOf(SchedulerException.class)
        .hasMessageStartingWith(
            "Aurora's client has not answered 'job status --write-json' with a job's status, but: ");
  }

  @Test
  void theStatusIsToldInTheWordsOfEveryScheduler() throws IOException {
    SchedulerStatus status = report(JobStatus.parse(answer())).status();

    assertThat(status.phase()).isEqualTo(SchedulerStatus.Phase.RUNNING);
    assertThat(status.allRunning()).isFalse();
    assertThat(status.containers())
        .extracting(SchedulerStatus.Container::state)
        .containsExactly("RUNNING", "WAITING", "BACKING_OFF", "STAGING");
    assertThat(status.containers().get(0).ports())
        .containsEntry("shell-port", 31005)
        .containsEntry("server", 31001);
    assertThat(status.containers().get(1).reason()).isEqualTo("Insufficient: cpus");
  }

  @Test
  void aJobThatIsGoneIsAFailure() {
    SchedulerStatus status = report(JobStatus.none()).status();
    assertThat(status.phase()).isEqualTo(SchedulerStatus.Phase.FAILED);
    assertThat(status.problem()).isEqualTo("Aurora runs no job west/ada/devel/words");
  }

  @Test
  void whatEachContainerWaitsForIsExplained() throws IOException {
    Explanation explanation = report(JobStatus.parse(answer())).explanation(5);
    assertThat(explanation.containers())
        .extracting(Explanation.Container::line)
        .containsExactly(
            "RUNNING on agent-7.example",
            "PENDING (Insufficient: cpus)",
            "THROTTLED (it was FAILED: Failed fetch_heron_system: exit code 22)",
            "ASSIGNED on agent-9.example");
    assertThat(explanation.containers().get(2).cause())
        .isEqualTo("FAILED Failed fetch_heron_system: exit code 22");
  }

  @Test
  void whatHappenedIsToldAsAuroraRemembersIt() throws IOException {
    var history = report(JobStatus.parse(answer())).history();
    assertThat(history.containers()).hasSize(4);
    assertThat(history.containers().get(2).happenings())
        .extracting(happening -> happening.kind() + " " + happening.text())
        .containsExactly(
            "PENDING ", "RUNNING ", "FAILED Failed fetch_heron_system: exit code 22", "THROTTLED ");
  }

  private static StatusReport report(JobStatus status) {
    return new StatusReport("words", "words-0001", JOB, status);
  }

  static String answer() throws IOException {
    try (InputStream in = JobStatusTest.class.getResourceAsStream("job-status.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
