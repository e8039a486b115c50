package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.StateKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuroraSchedulerTest {
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
  }

  private AuroraScheduler scheduler() {
    return job.scheduler("/nowhere:" + aurora.searchPath());
  }

  private static Map<String, String> binds(List<String> call) {
    Map<String, String> binds = new LinkedHashMap<>();
    for (int i = 0; i < call.size(); i++) {
      if (call.get(i).equals("--bind")) {
        String[] bind = call.get(i + 1).split("=", 2);
        binds.put(bind[0], bind[1]);
      }
    }
    return binds;
  }

  @Test
  void aTopologyBecomesAJobOfContainersThatAreAlike() {
    try (AuroraScheduler scheduler = scheduler()) {
      scheduler.onSchedule(() -> Job.plan(1, 2));
    }

    List<String> call = aurora.call("create");
    assertThat(call.subList(0, 4)).containsExactly("job", "create", "--wait-until", "RUNNING");
    assertThat(call.subList(call.size() - 2, call.size()))
        .containsExactly(
            "west/ada/devel/words", Job.CONF.resolve("aurora/heron.aurora").toString());
    Map<String, String> binds = binds(call);
    String arguments = binds.remove("TOPOLOGY_ARGUMENTS");
    assertThat(binds)
        .containsExactly(
            Map.entry("EXECUTOR_BINARY", "./heron-core/bin/heron-executor"),
            Map.entry("CLUSTER", "west"),
            Map.entry("ENVIRON", "devel"),
            Map.entry("ROLE", "ada"),
            Map.entry("TOPOLOGY_NAME", "words"),
            Map.entry("CPUS_PER_CONTAINER", "2.5"),
            Map.entry("RAM_PER_CONTAINER", "3221225472"),
            Map.entry("DISK_PER_CONTAINER", "1073741824"),
            Map.entry("NUM_CONTAINERS", "3"),
            Map.entry("TIER", "preemptible"),
            Map.entry("CORE_PACKAGE_URI", "hdfs://nn.example:8020/heron/heron-core.tar.gz"),
            Map.entry("TOPOLOGY_PACKAGE_URI", Job.PACKAGE));
    assertThat(arguments)
        .startsWith(
            "--topology-name=words --topology-id=words-0001 --topology-defn-file=words.defn"
                + " --state-manager-connection=LOCALMODE --state-manager-root=")
        .contains(" '--metrics-manager-classpath=./heron-core/lib/metricsmgr/*' ")
        .contains(" --state-manager-config-file=./heron-conf/statemgr.yaml ")
        .contains(" --component-ram-map=count:536870912,word:536870912 ")
        .contains(" --heron-java-home=/opt/jdk ")
        .endsWith("'--health-manager-classpath=./heron-core/lib/healthmgr/*'")
        .doesNotContain("--shard", "--server-port");
    assertThat(aurora.instances()).containsExactly(0, 1, 2);
  }

  @Test
  void theSizeThatAuroraGivesIsNotedInTheSharedPlan() {
    try (AuroraScheduler scheduler = scheduler()) {
      scheduler.onSchedule(() -> Job.plan(1, 2));
      // Nor does a restart change it: Aurora starts instances by the job's configuration.
      assertThat(scheduler.resizes()).isFalse();
    }
    PackingPlan plan =
        job.state().get(StateKind.PACKING_PLAN, "words").map(PackingPlanProtos::fromProto).get();
    assertThat(plan.containers())
        .allSatisfy(
            container -> {
              assertThat(container.scheduled()).isPresent();
              assertThat(container.scheduled().get().cpu()).isEqualTo(2.5);
              assertThat(container.scheduled().get().ram().bytes()).isEqualTo(3221225472L);
            });
  }

  @Test
  void aTemplateOfTheUsersAndValuesForItAreTakenFromTheProperties() throws IOException {
    Path own = Files.writeString(directory.resolve("big.aurora"), "jobs = []\n");
    job.with("heron.scheduler.job.template", directory.resolve("heron.aurora").toString())
        .with("heron.scheduler.properties", "big.aurora,gold,team a")
        .with("heron.config.environ", "prod")
        .with("heron.config.verbose", true);
    try (AuroraScheduler scheduler = scheduler()) {
      scheduler.onSchedule(() -> Job.plan(1));
    }
    List<String> call = aurora.call("create");
    assertThat(call).endsWith("west/ada/prod/words", own.toString(), "--verbose");
    assertThat(binds(call))
        .containsEntry("AURORA_METADATA_1", "gold")
        .containsEntry("AURORA_METADATA_2", "team a")
        .containsEntry("TIER", "preferred");
  }

  @Test
  void aCorePackageByItsPathIsBoundAsAUri() {
    job.with("heron.package.core.uri", "/dist/heron-core.tar.gz");
    try (AuroraScheduler scheduler = scheduler()) {
      scheduler.onSchedule(() -> Job.plan(1));
    }
    assertThat(binds(aurora.call("create")))
        .containsEntry("CORE_PACKAGE_URI", "file:///dist/heron-core.tar.gz");
  }

  @Test
  void whatCannotBecomeAJobIsSaidBeforeAuroraIsAsked() {
    try (AuroraScheduler scheduler = scheduler()) {
      assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan()))
          .hasMessage("the packing plan has no container");
      assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan(1, 3)))
          .hasMessage(
              "the packing plan has a container 3 where Aurora, which numbers instances without"
                  + " gaps, has 2");
    }
    for (String uri : List.of("dist/heron-core.tar.gz", "http://a b", "http://a/it's")) {
      job.with("heron.package.core.uri", uri);
      try (AuroraScheduler scheduler = scheduler()) {
        assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan(1)))
            .isInstanceOf(SchedulerException.class)
            .hasMessageStartingWith("heron.package.core.uri is '" + uri + "'");
      }
    }
    job.with("heron.package.core.uri", "http://a/b").with("heron.scheduler.properties", "x,{{y}}");
    try (AuroraScheduler scheduler = scheduler()) {
      assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan(1)))
          .hasMessage(
              "the value of AURORA_METADATA_1 for Aurora's template must be one line without '{{':"
                  + " {{y}}");
    }
    job.with("heron.scheduler.properties", "")
        .with("heron.scheduler.job.template", "/nowhere/heron.aurora");
    try (AuroraScheduler scheduler = scheduler()) {
      assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan(1)))
          .hasMessage(
              "the template of Aurora's job, /nowhere/heron.aurora, is no file that can be read;"
                  + " heron.scheduler.job.template says where it is");
    }
    assertThat(aurora.calls()).isEmpty();
    assertThat(job.state().exists(StateKind.PACKING_PLAN, "words")).isFalse();
  }

  @Test
  void aMalformedSettingIsNamed() {
    job.with("heron.scheduler.job.max.kill.attempts", 0);
    assertThatThrownBy(this::scheduler)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "heron.scheduler.job.max.kill.attempts is '0' (from --config-property), but must be from"
                + " 1 to 1000");
    job.with("heron.scheduler.job.max.kill.attempts", 1)
        .with("heron.aurora.submit.timeout.seconds", 0);
    assertThatThrownBy(this::scheduler)
        .hasMessageStartingWith("heron.aurora.submit.timeout.seconds is '0'");
  }

  @Test
  void aMissingClientIsToldWithItsRemedy() {
    try (AuroraScheduler scheduler = job.scheduler("/nowhere")) {
      assertThatThrownBy(() -> scheduler.onSchedule(() -> Job.plan(1)))
          .isInstanceOf(SchedulerException.class)
          .hasMessage(
              "the Aurora client 'aurora' is not on PATH; install it on this host, or say where it is"
                  + " with heron.aurora.client.path");
      assertThat(scheduler.onKill().message()).startsWith("the Aurora client 'aurora' is not on");
    }
  }

  @Test
  void theClientMayBeNamedByItsPath() {
    job.with("heron.aurora.client.path", aurora.program().toString());
    try (AuroraScheduler scheduler = job.scheduler("")) {
      scheduler.onSchedule(() -> Job.plan(1));
    }
    assertThat(aurora.verbs()).containsExactly("status", "create");
  }

  @Test
  void aKillIsRepeatedAsOftenAsConfiguredAndEndsWell() {
    aurora.has(0, 1);
    aurora.on("killall", 1).complains("Error executing command: Errors occurred\n").ends(4);
    aurora.on("killall", 2).complains("Error executing command: Errors occurred\n").ends(4);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onKill())
          .isEqualTo(Outcome.done("the job west/ada/devel/words is killed"));
    }
    assertThat(aurora.calls())
        .hasSize(3)
        .allSatisfy(
            call ->
                assertThat(String.join(" ", call))
                    .isEqualTo("job killall west/ada/devel/words --batch-size 2147483647"));
  }

  @Test
  void aKillThatAlwaysFailsIsRefusedWithTheReason() {
    aurora.has(0);
    job.with("heron.scheduler.job.max.kill.attempts", 3);
    aurora.on("killall").complains("Error executing command: Errors occurred\n").ends(4);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onKill())
          .isEqualTo(
              Outcome.refused(
                  "Aurora's client could not kill the job west/ada/devel/words: Errors occurred (exit"
                      + " code 4, command failed); tried 3 times"));
    }
    assertThat(aurora.verbs()).containsExactly("killall", "killall", "killall");
  }

  @Test
  void aJobThatIsGoneIsKilled() {
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onKill().ok()).isTrue();
    }
    assertThat(aurora.verbs()).containsExactly("killall");
  }

  @Test
  void oneOrAllAreRestarted() throws Exception {
    aurora.has(0, 1, 2);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onRestart(-1, 0).get(60, TimeUnit.SECONDS).ok()).isTrue();
      assertThat(scheduler.onRestart(2, 0).get(60, TimeUnit.SECONDS).ok()).isTrue();
      assertThat(scheduler.onRestart(-2, 0).get(60, TimeUnit.SECONDS))
          .isEqualTo(Outcome.refused("there is no container -2; -1 stands for all"));
      aurora
          .on("restart")
          .complains("Error executing command: Invalid instance parameter: [7]\n")
          .ends(6);
      assertThat(scheduler.onRestart(7, 0).get(60, TimeUnit.SECONDS).message())
          .isEqualTo(
              "Aurora's client could not restart instance 7 of the job west/ada/devel/words: Invalid"
                  + " instance parameter: [7] (exit code 6, invalid parameter)");
    }
    assertThat(aurora.calls().stream().map(call -> String.join(" ", call)).toList())
        .containsExactly(
            "job restart west/ada/devel/words --batch-size 2147483647",
            "job restart west/ada/devel/words/2 --batch-size 2147483647",
            "job restart west/ada/devel/words/7 --batch-size 2147483647");
  }

  @Test
  void containersAreAddedAndKeepTheNumbersThatAuroraGave() throws Exception {
    aurora.has(0, 1, 2, 3);
    try (AuroraScheduler scheduler = scheduler()) {
      Outcome outcome = scheduler.onScale(Job.plan(1, 2, 3, 7, 8)).get(60, TimeUnit.SECONDS);

      assertThat(outcome.ok()).as(outcome.message()).isTrue();
      assertThat(outcome.renumbered()).isEqualTo(Map.of(7, 4, 8, 5));
    }
    assertThat(String.join(" ", aurora.calls().get(1)))
        .isEqualTo("job add --wait-until RUNNING west/ada/devel/words/0 2 --verbose");
    assertThat(aurora.instances()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void containersAreRemovedByTheirNumbers() throws Exception {
    aurora.has(0, 1, 2, 3, 4);
    try (AuroraScheduler scheduler = scheduler()) {
      Outcome outcome = scheduler.onScale(Job.plan(1, 3)).get(60, TimeUnit.SECONDS);
      assertThat(outcome).isEqualTo(Outcome.done(""));
      // Once more: nothing is left to do.
      assertThat(scheduler.onScale(Job.plan(1, 3)).get(60, TimeUnit.SECONDS).ok()).isTrue();
    }
    assertThat(String.join(" ", aurora.calls().get(1)))
        .isEqualTo("job kill west/ada/devel/words/2,4 --batch-size 2147483647");
    assertThat(aurora.verbs()).containsExactly("status", "kill", "status");
  }

  @Test
  void instancesWhoseNumbersTheClientDoesNotTellAreNoSuccess() throws Exception {
    aurora.has(0, 1);
    aurora.on("add").complains(" INFO] Adding 2 instances\n").ends(0);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onScale(Job.plan(1, 2, 3)).get(60, TimeUnit.SECONDS).message())
          .startsWith(
              "Aurora's client was to add 2 instances to the job west/ada/devel/words, and does not say"
                  + " which those are: no number");
      aurora.on("add").complains("DEBUG] Querying instance statuses: [2]\n").ends(0);
      assertThat(scheduler.onScale(Job.plan(1, 2, 3)).get(60, TimeUnit.SECONDS).message())
          .contains("does not say which those are: only [2]");
    }
  }

  @Test
  void anAdditionThatFailsTellsWhatWaits() throws Exception {
    aurora.has(0, 1);
    aurora.on("status", 2).prints(JobStatusTest.answer()).ends(0);
    aurora
        .on("add")
        .complains("Command failure:\n\tInsufficient resource quota: RAM quota exceeded by 2 GB\n")
        .ends(10);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onScale(Job.plan(1, 2)).get(60, TimeUnit.SECONDS).message())
          .isEqualTo(
              "Aurora's client could not add 1 instances to the job west/ada/devel/words: Command"
                  + " failure: Insufficient resource quota: RAM quota exceeded by 2 GB (exit code 10,"
                  + " refused by Aurora); 1 of 4 instances run; instance 1 is PENDING (Insufficient:"
                  + " cpus); instance 2 is THROTTLED (it was FAILED: Failed fetch_heron_system: exit code"
                  + " 22); instance 3 is ASSIGNED on agent-9.example");
    }
  }

  @Test
  void anotherPlanTakesThePlaceOfOneThatIsWaitedFor() throws Exception {
    aurora.has(0, 1);
    aurora.on("add").works().hangs();
    try (AuroraScheduler scheduler = scheduler()) {
      CompletableFuture<Outcome> first = scheduler.onScale(Job.plan(1, 2, 3));
      Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> aurora.hanging().isPresent());

      Outcome back = scheduler.onScale(Job.plan(1)).get(60, TimeUnit.SECONDS);

      assertThat(first.get(60, TimeUnit.SECONDS).ok()).isFalse();
      assertThat(back.ok()).as(back.message()).isTrue();
    }
    assertThat(aurora.instances()).containsExactly(0, 1);
    assertThat(aurora.hanging()).isEmpty();
  }

  @Test
  void aJobThatIsGoneCannotBeScaled() throws Exception {
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.onScale(Job.plan(1)).get(60, TimeUnit.SECONDS))
          .isEqualTo(Outcome.refused("Aurora runs no job west/ada/devel/words"));
      aurora.has(1);
      assertThat(scheduler.onScale(Job.plan(1)).get(60, TimeUnit.SECONDS).message())
          .startsWith("Aurora runs no instance 0 of the job west/ada/devel/words");
    }
  }

  @Test
  void theStatusIsAskedForOnceInAWhile() {
    aurora.has(0, 1);
    try (AuroraScheduler scheduler = scheduler()) {
      for (int i = 0; i < 20; i++) {
        SchedulerStatus status = scheduler.status();
        assertThat(status.allRunning()).isTrue();
      }
      assertThat(scheduler.explain()).isPresent();
      assertThat(scheduler.history()).isPresent();
    }
    assertThat(aurora.verbs().size()).isLessThan(20);
  }

  @Test
  void aStatusThatCannotBeHadIsToldInOneLine() {
    aurora.on("status").prints("Active tasks (0):\n").ends(0);
    try (AuroraScheduler scheduler = scheduler()) {
      assertThatThrownBy(scheduler::status)
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining("'job status --write-json'");
      job.with("heron.aurora.status.timeout.seconds", 1);
    }
    aurora.on("status").hangs();
    try (AuroraScheduler scheduler = scheduler()) {
      assertThatThrownBy(scheduler::status)
          .hasMessageStartingWith(
              "Aurora's client could not tell the status of the job west/ada/devel/words: it had not"
                  + " ended after 1 seconds");
    }
    assertThat(aurora.hanging()).isEmpty();
  }

  @Test
  void aJobsPageIsMadeFromTheTemplateOfItsAddress() {
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.jobLinks()).isEmpty();
    }
    job.with(
        "heron.scheduler.job.link.template",
        "http://aurora.example:8081/scheduler/${ROLE}/${ENVIRON}/${TOPOLOGY}");
    try (AuroraScheduler scheduler = scheduler()) {
      assertThat(scheduler.jobLinks())
          .containsExactly("http://aurora.example:8081/scheduler/ada/devel/words");
    }
  }
}
