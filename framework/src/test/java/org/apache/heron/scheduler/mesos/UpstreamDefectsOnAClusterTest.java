package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What upstream's scheduler does on a cluster, and this one does not. The tags' numbers are those
 * of docs/upstream-defects.md.
 */
class UpstreamDefectsOnAClusterTest {
  // Takes its time to end, as an executor that has something to save.
  private static final String SLOW_EXECUTOR =
      """
      #!/bin/sh
      trap 'sleep 1; exit 0' TERM
      while true; do sleep 0.1; done
      """;

  @TempDir static Path directory;
  private static WordsOnACluster words;

  @BeforeAll
  static void start() throws IOException {
    words =
        WordsOnACluster.start(
                directory,
                // Nothing is unreserved, but for the little that no container fits in.
                cluster ->
                    cluster.agent(
                        agent ->
                            agent.resources(
                                "cpus:0.01;cpus(heron):4;mem:1;mem(heron):4096;disk(heron):10000;"
                                    + "ports(heron):[31000-31099]")))
            .withExecutor(SLOW_EXECUTOR)
            .with("heron.mesos.role", "heron");
  }

  @AfterAll
  static void stop() {
    words.close();
  }

  @AfterEach
  void end() {
    words.killAll();
  }

  // Upstream is never offered what is reserved for it; needs libmesos; links to zk:// or nowhere.
  @Test
  @Tag("upstream-14")
  @Tag("upstream-27")
  @Tag("upstream-32")
  void reservedResourcesAreUsedWithoutNativeCodeAndTheJobsPageOpens() throws Exception {
    assertThat(words.cluster().masterUri()).startsWith("zk://");
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus status = awaitAllRunning(scheduler);
    List<String> links = scheduler.jobLinks();
    assertThat(links)
        .containsExactly(
            "http://" + words.cluster().masterAddress() + "/#/frameworks/" + status.frameworkId());
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(links.get(0).replaceFirst("#.*", ""))).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      assertThat(Files.readString(maps)).doesNotContain("libmesos");
    }
  }

  // Upstream's kill returns while tasks still run, and the second one is refused.
  @Test
  @Tag("upstream-19")
  void aKillReturnsWhenNothingRunsAnyMore() throws Exception {
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    awaitAllRunning(scheduler);
    CompletableFuture<Outcome> second =
        CompletableFuture.supplyAsync(
            () -> {
              await()
                  .atMost(LIMIT)
                  .until(() -> scheduler.status().phase() != SchedulerStatus.Phase.RUNNING);
              return scheduler.onKill();
            });
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
    Outcome answer = second.join();
    assertThat(answer.ok() || answer.message().contains("stopped")).as("%s", answer).isTrue();
  }

  // Upstream throws after two seconds and leaves its driver running behind.
  @Test
  @Tag("upstream-28")
  void aMasterThatIsAwayIsWaitedForAndNothingRunsOnAfterClose() {
    MesosScheduler scheduler =
        words.schedule(Words.plan(1, 0.2), Map.of("heron.mesos.master.uri", "127.0.0.1:1"));
    await().atMost(LIMIT).until(() -> scheduler.status().problem().contains("127.0.0.1:1"));
    assertThat(scheduler.status().phase()).isEqualTo(SchedulerStatus.Phase.REGISTERING);
    scheduler.close();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("mesos-driver")));
  }

  // Upstream's close runs up to three times, and with failover 0 ends the topology.
  @Test
  @Tag("upstream-29")
  void closingAsOftenAsOneLikesEndsNoContainer() {
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    scheduler.close();
    scheduler.close();
    scheduler.close();
    scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus after = awaitAllRunning(scheduler);
    assertSameTasks(before, after);
  }
}
