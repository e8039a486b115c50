package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topology runs, and its principal is then set, or another one. */
class PrincipalTest {
  private static final PackingPlan PLAN = Words.plan(1, 0.2);
  private static final String KEY = "heron.mesos.principal";

  @TempDir private Path directory;
  private WordsOnACluster words;

  @BeforeEach
  void start() throws IOException {
    words = WordsOnACluster.start(directory, cluster -> cluster.agents(1));
  }

  @AfterEach
  void stop() {
    words.close();
  }

  @Test
  void whatMesosLetsNotSubscribeSaysWhyGoesOnWhenPutRightAndCanBeKilled() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();

    MesosScheduler changed = words.schedule(PLAN, Map.of(KEY, "heron"));
    await().atMost(LIMIT).until(() -> changed.status().phase() == SchedulerStatus.Phase.FAILED);
    assertThat(changed.status().problem())
        .contains("Changing framework's principal is not allowed")
        .contains("submitted with no heron.mesos.principal, which is now 'heron'");
    changed.close();

    MesosScheduler back = words.schedule(PLAN);
    assertSameTasks(before, awaitAllRunning(back));
    back.close();

    MesosScheduler last = words.schedule(PLAN, Map.of(KEY, "heron"));
    await().atMost(LIMIT).until(() -> last.status().phase() == SchedulerStatus.Phase.FAILED);
    assertThat(last.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
    try (CuratorFramework client = FrameworkRecords.client(words.config())) {
      assertThat(ZooKeeperFrameworkStore.read(client, "/heron", Words.NAME)).isEmpty();
    }
  }
}
