package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A submit that fails leaves nothing of its own, and touches nothing that was there before. */
class JobCreationTest {
  private static final String OUTAGE = "Fatal error running command:\nTimeoutError: gone\n";

  @TempDir Path directory;
  private RecordingClient aurora;
  private Job job;

  @BeforeEach
  void prepare() {
    aurora = new RecordingClient(directory.resolve("bin"));
    job = new Job(directory);
  }

  @AfterEach
  void close() {
    job.close();
    assertThat(aurora.hanging()).isEmpty();
  }

  /** What a submit of these containers is refused with. */
  private Throwable submit(int... containers) {
    try (AuroraScheduler scheduler = job.scheduler(aurora.searchPath())) {
      scheduler.onSchedule(() -> Job.plan(containers));
      throw new AssertionError("the job was made");
    } catch (SchedulerException e) {
      return e;
    }
  }

  /** The same of one that is interrupted as soon as the client hangs, if it comes to that. */
  private Throwable interrupted() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread submitting =
        new Thread(
            () -> {
              try {
                thrown.complete(submit(1));
              } catch (RuntimeException | AssertionError e) {
                thrown.completeExceptionally(e);
              }
              flag.complete(Thread.currentThread().isInterrupted());
            });
    submitting.start();
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> aurora.hanging().isPresent() || thrown.isDone());
    List<ProcessHandle> client = aurora.hanging().stream().toList();
    List<ProcessHandle> children = client.stream().flatMap(ProcessHandle::descendants).toList();

    submitting.interrupt();

    Throwable refusal = thrown.get(60, TimeUnit.SECONDS);
    if (!client.isEmpty()) {
      assertThat(flag.get(60, TimeUnit.SECONDS)).as("the thread stays interrupted").isTrue();
    }
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () ->
                client.stream().noneMatch(ProcessHandle::isAlive)
                    && children.stream().noneMatch(ProcessHandle::isAlive));
    return refusal;
  }

  @Test
  void aJobThatIsThereAlreadyIsLeftAloneThoughTheConnectionWouldBeLost() {
    aurora.has(0, 1);
    aurora.on("create").complains("Fatal error running command:\nread timed out\n").ends(7);
    assertThat(submit(1))
        .hasMessage(
            "Aurora runs a job west/ada/devel/words of 2 instances already; if nobody needs it, end"
                + " it with: aurora job killall west/ada/devel/words");
    assertThat(aurora.verbs()).containsExactly("status");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }

  @Test
  void aJobThatIsThereAlreadyIsLeftAloneThoughTheSubmitIsCancelled() throws Exception {
    aurora.has(0, 1);
    aurora.on("create").hangs();
    assertThat(interrupted()).hasMessageStartingWith("Aurora runs a job west/ada/devel/words of 2");
    assertThat(aurora.verbs()).containsExactly("status");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }

  @Test
  void nothingIsDoneWhereItCannotBeToldWhetherTheJobIsThere() {
    aurora.has(0, 1);
    aurora.on("status").complains(OUTAGE).ends(20);
    assertThat(submit(1))
        .hasMessage(
            "Aurora's client could not tell the status of the job west/ada/devel/words:"
                + " TimeoutError: gone (exit code 20, unknown error)");
    aurora.on("status").complains("").prints("Active tasks (0):\n").ends(0);
    assertThat(submit(1)).hasMessageContaining("'job status --write-json'");
    assertThat(aurora.verbs()).containsExactly("status", "status");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }

  @Test
  void aSubmitThatIsCancelledBeforeItHasMadeAnythingKillsNothing() throws Exception {
    aurora.has(0, 1);
    aurora.on("status").hangs();
    assertThat(interrupted())
        .hasMessage("cancelled before anything of the job west/ada/devel/words was created");
    assertThat(aurora.verbs()).containsExactly("status");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }

  // Or one that Aurora knows and has no instances of, a cron job for example.
  @Test
  void aJobThatSomebodyElseMakesMeanwhileIsLeftAlone() {
    aurora.has(0, 1);
    aurora
        .on("status")
        .prints("{\"jobspec\":\"west/ada/devel/words\",\"error\":\"No matching jobs found\"}\n")
        .ends(0);
    assertThat(submit(1))
        .hasMessage(
            "Aurora's client could not create the job west/ada/devel/words: Job creation failed due"
                + " to error: Job ada/devel/words already exists (exit code 4, command failed); if"
                + " nobody needs it, end it with: aurora job killall west/ada/devel/words");
    assertThat(aurora.verbs()).containsExactly("status", "create");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }

  @Test
  void aJobThatDoesNotComeToRunIsTakenBackAndTheReasonTold() throws IOException {
    job.with("heron.aurora.submit.timeout.seconds", 10);
    aurora.on("create").complains(" INFO] Creating job words\n").works().hangs();
    aurora.on("status", 2).prints(JobStatusTest.answer()).ends(0);
    assertThat(submit(1, 2, 3))
        .hasMessage(
            "Aurora's client could not create the job west/ada/devel/words: it had not ended after 10"
                + " seconds; it said last: Creating job words; 1 of 4 instances run; instance 1 is"
                + " PENDING (Insufficient: cpus); instance 2 is THROTTLED (it was FAILED: Failed"
                + " fetch_heron_system: exit code 22); instance 3 is ASSIGNED on agent-9.example;"
                + " what was created of it is killed");
    assertThat(aurora.verbs()).containsExactly("status", "create", "status", "killall");
    assertThat(aurora.instances()).isEmpty();
  }

  @Test
  void whatIsLeftOfAJobThatCannotBeTakenBackIsTold() {
    job.with("heron.scheduler.job.max.kill.attempts", 2);
    aurora.on("create").complains(OUTAGE).ends(20);
    aurora.on("status", 2).complains(OUTAGE).ends(20);
    aurora.on("killall").complains(OUTAGE).ends(20);
    assertThat(submit(1))
        .hasMessage(
            "Aurora's client could not create the job west/ada/devel/words: TimeoutError: gone (exit"
                + " code 20, unknown error); and what was created of it is left: Aurora's client could"
                + " not kill the job west/ada/devel/words: TimeoutError: gone (exit code 20, unknown"
                + " error); tried 2 times");
  }

  @Test
  void anInterruptedSubmitLeavesNoJobAndNoClient() throws Exception {
    aurora.on("create").works().hangs();
    assertThat(interrupted()).hasMessage("cancelled; the job west/ada/devel/words is not running");
    assertThat(aurora.verbs()).containsExactly("status", "create", "killall");
    assertThat(aurora.instances()).isEmpty();
  }

  @Test
  void oneThatIsInterruptedWhileItAsksWhatTheJobWaitsForLeavesNoneEither() throws Exception {
    aurora.on("create").works().complains(OUTAGE).ends(20);
    aurora.on("status", 2).hangs();
    assertThat(interrupted()).hasMessage("cancelled; the job west/ada/devel/words is not running");
    assertThat(aurora.verbs()).containsExactly("status", "create", "status", "killall");
    assertThat(aurora.instances()).isEmpty();
  }

  @Test
  void aJobThatAnInterruptedSubmitCannotTakeBackIsNotSaidToBeGone() throws Exception {
    job.with("heron.scheduler.job.max.kill.attempts", 1);
    aurora.on("create").works().hangs();
    aurora.on("killall").complains(OUTAGE).ends(20);
    assertThat(interrupted())
        .hasMessage(
            "cancelled; and what was created of the job west/ada/devel/words is left: Aurora's client"
                + " could not kill the job west/ada/devel/words: TimeoutError: gone (exit code 20,"
                + " unknown error)");
    assertThat(aurora.instances()).containsExactly(0, 1);
  }
}
