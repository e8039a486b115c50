package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** A topology's life on Nomad, from the first job to the last. */
class NomadSchedulerTest extends NomadStory {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void everyContainerIsAJobOfItsOwn() {
    NomadScheduler scheduler = submitted(plan(2));

    assertThat(jobIds()).containsExactly("words-0001-0", "words-0001-1", "words-0001-2");
    JsonNode meta = nomad.world().job("words-0001-0").orElseThrow().path("Meta");
    assertThat(meta.path("topology.name").asText()).isEqualTo("words");
    assertThat(meta.path("topology.id").asText()).isEqualTo(ID);
    // Upstream forgets it for container 0.
    assertThat(meta.path("container.index").asText()).isEqualTo("0");
    assertThat(scheduler.jobLinks()).containsExactly(nomad.uri() + "/ui/jobs/words-0001-0");
    SchedulerStatus status = scheduler.status();
    assertThat(status.allRunning()).isTrue();
    assertThat(status.containers())
        .extracting(SchedulerStatus.Container::id)
        .containsExactly(0, 1, 2);
    assertThat(status.containers())
        .extracting(SchedulerStatus.Container::hostname)
        .containsOnly("a");
    assertThat(status.containers().get(1).cpus()).isEqualTo(1.5);
    assertThat(status.containers().get(1).memMb()).isEqualTo(1024);
  }

  @Test
  void eachContainerHasItsOwnSize() {
    submitted(plan(1, 3000));
    JsonNode first = resources("words-0001-1");
    assertThat(first.path("MemoryMB").asInt()).isEqualTo(3000);
    assertThat(first.path("CPU").asInt()).isEqualTo(1500);
    assertThat(resources("words-0001-0").path("MemoryMB").asInt()).isEqualTo(512);
    assertThat(disk("words-0001-1")).isEqualTo(2048);
  }

  private JsonNode resources(String job) {
    return nomad.world().job(job).orElseThrow().at("/TaskGroups/0/Tasks/0/Resources");
  }

  private int disk(String job) {
    return nomad.world().job(job).orElseThrow().at("/TaskGroups/0/EphemeralDisk/SizeMB").asInt();
  }

  @Test
  void aKillEndsItsOwnContainersOnlyAndMayBeRepeated() {
    // Names and ids that begin alike, as those of other people's topologies may.
    scheduler(topology("words-2", "words-2-0001"), Map.of()).onSchedule(() -> plan(1));
    scheduler(topology("words", "words-0002"), Map.of()).onSchedule(() -> plan(1));
    NomadScheduler scheduler = submitted(plan(2));

    assertThat(scheduler.onKill()).isEqualTo(Outcome.done(""));

    assertThat(jobIds())
        .containsExactly("words-0002-0", "words-0002-1", "words-2-0001-0", "words-2-0001-1");
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
  }

  @Test
  void whenOnlyTheNameIsLeftAKillEndsAllOfThatName() {
    submitted(plan(1));
    scheduler(topology("words-2", "words-2-0001"), Map.of()).onSchedule(() -> plan(1));
    nomad.doesNotListMeta();
    assertThat(scheduler(topology("words", ""), Map.of()).onKill().ok()).isTrue();
    assertThat(jobIds()).containsExactly("words-2-0001-0", "words-2-0001-1");
  }

  @Test
  void aKillReturnsWhenTheContainersHaveEnded() throws Exception {
    NomadScheduler scheduler = submitted(plan(2));
    tasks.holdStops();
    CompletableFuture<Outcome> kill = CompletableFuture.supplyAsync(scheduler::onKill);
    await().atMost(PATIENCE).until(() -> jobIds().isEmpty());
    assertThat(kill).isNotDone();
    tasks.endAll(nomad.world());
    assertThat(kill.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
  }

  @Test
  void aContainerThatDoesNotEndIsNamed() {
    values.put("heron.nomad.kill.wait.sec", 0);
    NomadScheduler scheduler = submitted(plan(1));
    tasks.holdStops();
    assertThat(scheduler.onKill().message())
        .startsWith("all jobs are deregistered, but after 0 s not all containers have ended:")
        .contains("words-0001-1 on a (running)");
    // Nothing is registered any more: a repeated kill has nothing left to do.
    assertThat(scheduler().onKill().ok()).isTrue();
  }

  @Test
  void aRestartReplacesEachContainerAndTheTopologyManagerLast() throws Exception {
    NomadScheduler scheduler = submitted(plan(2));
    List<String> before = allocations(scheduler);

    Outcome outcome = scheduler.onRestart(-1, 2).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(outcome).isEqualTo(Outcome.done(""));
    assertThat(allocations(scheduler)).doesNotContainAnyElementsOf(before);
    assertThat(nomad.world().history().stream().filter(line -> line.startsWith("place")).skip(3))
        .containsExactly(
            "place words-0001-1 on a", "place words-0001-2 on a", "place words-0001-0 on a");
    assertThat(scheduler.onRestart(1, 0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThat(env("words-0001-1").path("HERON_NOMAD_RESTARTS").asText()).isEqualTo("2");
    assertThat(env("words-0001-2").path("HERON_NOMAD_RESTARTS").asText()).isEqualTo("1");
  }

  private JsonNode env(String job) {
    return nomad.world().job(job).orElseThrow().at("/TaskGroups/0/Tasks/0/Env");
  }

  private static List<String> allocations(NomadScheduler scheduler) {
    return scheduler.status().containers().stream().map(SchedulerStatus.Container::taskId).toList();
  }

  @Test
  void aRestartWaitsForTheNewContainerAndSaysWhatItMisses() throws Exception {
    values.put("heron.nomad.restart.wait.sec", 0);
    NomadScheduler scheduler = submitted(plan(2));
    tasks.now(PlayedTasks.Play.STAYS_PENDING);
    assertThat(scheduler.onRestart(-1, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).message())
        .isEqualTo(
            "container 1 is STAGING: Driver: Downloading image (after 0 s); 0 of 3 containers were"
                + " restarted before");
    assertThat(scheduler.onRestart(7, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).message())
        .isEqualTo("there is no container 7; there are [0, 1, 2]");
  }

  @Test
  void aJobThatSomebodyElseHasRemovedIsRegisteredByARestart() throws Exception {
    NomadScheduler scheduler = submitted(plan(2));
    nomad.world().deregister("words-0001-2", true);
    assertThat(scheduler.status().containers().get(2).reason())
        .contains("words-0001-2 is not registered with Nomad; heron restart registers it");
    assertThat(scheduler.onRestart(2, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThat(scheduler.status().allRunning()).isTrue();

    nomad.world().deregister("words-0001-1", false);
    assertThat(scheduler.status().containers().get(1).reason())
        .isEqualTo("its job was stopped in Nomad");
    assertThat(scheduler.onRestart(1, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThat(scheduler.status().allRunning()).isTrue();
  }

  @Test
  void scalingAddsAndRemovesJobs() throws Exception {
    NomadScheduler scheduler = submitted(plan(2));
    String before = allocations(scheduler).get(1);

    assertThat(scaled(scheduler, plan(4))).isEqualTo(Outcome.done("scaled"));
    assertThat(jobIds()).hasSize(5).contains("words-0001-4");
    ObjectNode added = nomad.world().job("words-0001-4").orElseThrow();
    assertThat(added.at("/TaskGroups/0/Tasks/0/Env/HERON_TOPOLOGY_PACKAGE_URI").asText())
        .isEqualTo("file:///packages/words.tar.gz");
    assertThat(added.at("/TaskGroups/0/Tasks/0/Env/HERON_EXECUTOR_CMD").asText())
        .contains("--shard=4", "--topology-binary-file=words.jar");

    assertThat(scaled(scheduler, plan(1))).isEqualTo(Outcome.done("scaled"));
    assertThat(jobIds()).containsExactly("words-0001-0", "words-0001-1");
    // Whoever stays runs on.
    assertThat(allocations(scheduler).get(1)).isEqualTo(before);
    // Idempotent.
    assertThat(scaled(scheduler, plan(1))).isEqualTo(Outcome.done("scaled"));
    assertThat(allocations(scheduler).get(1)).isEqualTo(before);
  }

  private Outcome scaled(NomadScheduler scheduler, PackingPlan plan) throws Exception {
    state.put(StateKind.PACKING_PLAN, "words", PackingPlanProtos.toProto(plan));
    return scheduler.onScale(plan).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aContainerThatIsTooSmallRunsOnAndGetsItsNewSizeWhenItIsRestarted() throws Exception {
    NomadScheduler scheduler = submitted(plan(1, 1000));
    String first = allocations(scheduler).get(1);
    assertThat(scaled(scheduler, plan(1, 500)).ok()).isTrue();
    assertThat(scaled(scheduler, plan(2, 2000)).ok()).isTrue();
    // A new version of its job would end it at once, with the tuples that are under way in it.
    assertThat(allocations(scheduler).get(1)).isEqualTo(first);
    assertThat(resources("words-0001-1").path("MemoryMB").asInt()).isEqualTo(1000);
    assertThat(resources("words-0001-2").path("MemoryMB").asInt()).isEqualTo(2000);

    assertThat(scheduler.onRestart(1, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThat(allocations(scheduler).get(1)).isNotEqualTo(first);
    assertThat(resources("words-0001-1").path("MemoryMB").asInt()).isEqualTo(2000);
    assertThat(scheduler.resizes()).isTrue();
  }

  @Test
  void whatUpstreamHasRegisteredCanBeKilledAndRestartedButNotScaled() throws Exception {
    NomadScheduler scheduler = submitted(plan(1));
    for (String id : jobIds()) {
      ObjectNode job = nomad.world().job(id).orElseThrow();
      ObjectNode meta = job.putObject("Meta");
      meta.put("topology.name", "words").put("topology.id", ID);
      if (!id.endsWith("-0")) {
        meta.put("container.index", id.substring(id.lastIndexOf('-') + 1));
      }
      nomad.world().register(job, false, 0);
    }
    assertThat(scheduler.onRestart(0, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThatThrownBy(() -> scheduler.onScale(plan(2)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("submitted by another version of Heron");
    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(jobIds()).isEmpty();
  }

  @Test
  void namespaceAndRegionGoWithEveryCall() {
    values.put("heron.nomad.namespace", "analytics");
    values.put("heron.nomad.region", "global");
    NomadScheduler scheduler = submitted(plan(1));
    assertThat(jobIds()).isEmpty();
    ObjectNode job = nomad.world("analytics", "global").job("words-0001-0").orElseThrow();
    assertThat(job.path("Namespace").asText()).isEqualTo("analytics");
    assertThat(job.path("Region").asText()).isEqualTo("global");
    assertThat(scheduler.jobLinks())
        .containsExactly(nomad.uri() + "/ui/jobs/words-0001-0@analytics?region=global");
    values.put("heron.nomad.namespace", "nowhere");
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageContaining("answers 500: nonexistent namespace \"nowhere\"");
  }

  /** Nomad shows the jobs of one namespace of one region, and says nothing of the others. */
  @Test
  void aTopologyThatRunsElsewhereInNomadIsNotSaidToBeKilled() {
    values.put("heron.nomad.namespace", "analytics");
    values.put("heron.nomad.region", "europe");
    publish(submitted(plan(1)));
    values.remove("heron.nomad.namespace");
    assertThat(scheduler().onKill())
        .isEqualTo(
            Outcome.refused(
                "Nomad has no job of it where it was looked for, and it was submitted elsewhere:"
                    + " heron.nomad.namespace is default, and was analytics; give the command with"
                    + " what it was submitted with"));
    values.put("heron.nomad.namespace", "analytics");
    values.put("heron.nomad.region", "global");
    assertThat(scheduler().onKill().message())
        .contains("heron.nomad.region is global (from scheduler.yaml), and was europe;");
    values.remove("heron.nomad.region");
    assertThat(scheduler().onKill().message())
        .contains("heron.nomad.region is not set, and was europe;");
    assertThat(nomad.world("analytics", "europe").jobs("")).hasSize(2);

    values.put("heron.nomad.region", "europe");
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
    assertThat(nomad.world("analytics", "europe").jobs("")).isEmpty();
    // Its jobs are gone, and what is on record is yet to be removed: by the next attempt.
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
  }

  @Test
  void anotherServerIsNotTakenForTheOneThatWasSubmittedTo() throws Exception {
    publish(submitted(plan(1)));
    try (StandInNomad other = new StandInNomad(tasks).with(Node.large("b"))) {
      values.put("heron.nomad.scheduler.uri", other.uri());
      assertThat(scheduler().onKill().message())
          .contains(
              "heron.nomad.scheduler.uri is ["
                  + other.uri()
                  + "] (from scheduler.yaml), and was "
                  + nomad.uri());
      // One of several, written another way.
      values.put(
          "heron.nomad.scheduler.uri",
          List.of(other.uri(), nomad.uri().replace("http:", "HTTP:") + "/"));
      assertThat(scheduler().onKill().ok()).isTrue();
    }
    values.put("heron.nomad.scheduler.uri", nomad.uri());
    assertThat(scheduler().onKill().ok()).isTrue();
    assertThat(jobIds()).isEmpty();
  }

  private void publish(NomadScheduler scheduler) {
    publish(scheduler.jobLinks().get(0));
  }

  private void publish(String link) {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        "words",
        SchedulerLocation.newBuilder()
            .setTopologyName("words")
            .setHttpEndpoint("scheduler_as_lib_no_endpoint")
            .addJobPageLink(link)
            .build());
  }

  @Test
  void aServerThatIsNoMoreIsNamedBesideTheOthers() throws Exception {
    String gone;
    try (StandInNomad former = new StandInNomad(tasks)) {
      gone = former.uri();
    }
    publish(gone + "/ui/jobs/words-0001-0");
    assertThat(scheduler().onKill().message())
        .contains("and was " + gone + " (if that is no more, name both)");
    values.put("heron.nomad.scheduler.uri", List.of(nomad.uri(), gone));
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
  }

  /** Upstream puts the list of all jobs on record, and knows neither namespaces nor regions. */
  @Test
  void whatUpstreamHasSubmittedIsInTheDefaultNamespace() {
    publish(nomad.uri() + "/ui/jobs");
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
    values.put("heron.nomad.namespace", "analytics");
    assertThat(scheduler().onKill().message())
        .contains("heron.nomad.namespace is analytics (from scheduler.yaml), and was default;");
  }

  @Test
  void whatIsNoPageOfNomadsIsNotInTheWay() {
    for (String link : List.of("", "%%/ui/jobs/x", "nothing at all", "http://a/ui/allocations")) {
      publish(link);
      assertThat(scheduler().onKill()).as(link).isEqualTo(Outcome.done(""));
    }
  }

  @Test
  void aContainerIsPlacedAnewAlsoIfItsCheckHasNeverPassed() throws Exception {
    values.put("heron.nomad.metrics.service.register", true);
    values.put("heron.nomad.metrics.service.provider", "nomad");
    tasks.refuseConnections();
    NomadScheduler scheduler = submitted(plan(1));
    assertThat(scheduler.onRestart(1, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    // What anybody else's job would be, who says nothing of updates.
    ObjectNode other = nomad.world().job("words-0001-1").orElseThrow();
    other.put("ID", "other").remove("Update");
    ((ObjectNode) other.at("/TaskGroups/0")).remove("Update");
    nomad.world().register(other, false, 0);
    assertThat(nomad.passesChecks("words-0001-1")).isFalse();

    nomad.world().endDeployments();
    for (String job : List.of("words-0001-0", "words-0001-1", "other")) {
      List<Alloc> all = nomad.world().allocationsOf(job);
      nomad.world().report(all.get(all.size() - 1), "failed", "dead");
      nomad.world().reschedule(all.get(all.size() - 1));
    }

    assertThat(isToComeAgain("words-0001-0")).isTrue();
    assertThat(isToComeAgain("words-0001-1")).isTrue();
    assertThat(isToComeAgain("other")).isFalse();
    assertThat(scheduler.status().containers())
        .extracting(SchedulerStatus.Container::state)
        .containsOnly("BACKING_OFF");
  }

  private boolean isToComeAgain(String job) {
    return nomad.world().evaluationsOf(job).stream()
        .anyMatch(evaluation -> evaluation.get("Status").equals("pending"));
  }

  @Test
  void versionsThatKnowNoForcedUpdatesMakeNoDeploymentsEither() throws Exception {
    nomad.deploysOnlyWhenAsked();
    NomadScheduler scheduler = submitted(plan(1));
    assertThat(scheduler.onRestart(1, 1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    assertThat(nomad.world().job("words-0001-1").orElseThrow().has("Update")).isFalse();
    assertThat(nomad.world().allocationsOf("words-0001-1"))
        .extracting(allocation -> allocation.deployment)
        .containsOnly(Alloc.Deployment.NONE);
  }
}
