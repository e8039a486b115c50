package org.apache.heron.client;

import static org.apache.heron.client.FakeScheduler.container;
import static org.apache.heron.client.FakeScheduler.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.Submitter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When upstream's submit says that it was successful, and this one does not. The tags' numbers are
 * those of docs/upstream-defects.md.
 */
class UpstreamDefectsInSubmittingTest {
  @TempDir Path directory;
  private TestHome home;
  private FakeScheduler scheduler;
  private final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void prepare() throws IOException {
    home = new TestHome(directory);
    scheduler = new FakeScheduler();
    FakeLauncher.use(scheduler);
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  private List<SubmitResult> submit(Map<String, Object> properties) throws Exception {
    SubmitRequest request =
        new SubmitRequest(
            home.settings(properties),
            home.jar().toString(),
            CopyingMain.class.getName(),
            List.of(home.definition("words", 1).toString()),
            List.of("greeting=hello"),
            "",
            false,
            Optional.empty());
    return new Submitter(TestHome.environment(), progress).submit(request);
  }

  // Upstream says "successfully launched" when the process was started, and logs the rest
  // elsewhere.
  @Test
  @Tag("upstream-24")
  void aSubmitWhoseSchedulerCannotRegisterFailsAndSaysWhy() throws Exception {
    scheduler.say(status("REGISTERING", "no Mesos master answers at 127.0.0.1:1"));
    assertThatThrownBy(() -> submit(Map.of("heron.mesos.submit.timeout.seconds", "1")))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("no Mesos master answers at 127.0.0.1:1");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  @Tag("upstream-24")
  void aSubmitReturnsWhenTheLastContainerRunsAndNotBefore() throws Exception {
    scheduler.say(
        status("RUNNING", "", container(0, "RUNNING", 1, ""), container(1, "STAGING", 1, "")));
    CompletableFuture<Integer> submitted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return submit(Map.of("heron.mesos.submit.timeout.seconds", "120")).size();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> progress.lines().stream().anyMatch(line -> line.contains("1 of 2 containers")));
    assertThat(submitted).isNotDone();
    scheduler.say(FakeScheduler.running());
    assertThat(submitted.get(90, TimeUnit.SECONDS)).isEqualTo(1);
  }
}
