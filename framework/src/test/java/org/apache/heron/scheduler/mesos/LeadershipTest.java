package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the leadership, in a real ZooKeeper, when this process cannot go on. */
class LeadershipTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private EmbeddedZooKeeper zookeeper;
  private FrameworkRecords records;

  @BeforeEach
  void start() throws IOException {
    zookeeper = EmbeddedZooKeeper.start(directory, 0);
    records =
        FrameworkRecords.open(
            Words.config(Map.of("heron.statemgr.connection.string", zookeeper.connectString())),
            new CuratorStateManager(),
            Words.NAME,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    records.close();
    zookeeper.close();
  }

  /** Fails, as of a class that an installation over the running one has taken away. */
  private static final class Failing implements Beginning {
    private final AtomicInteger begun = new AtomicInteger();

    @Override
    public FrameworkRuntime begin(String self, boolean anew) {
      begun.incrementAndGet();
      throw new NoClassDefFoundError("of a newer version");
    }

    @Override
    public Optional<Snapshot> survivor(Optional<Snapshot> memory) {
      return Optional.empty();
    }

    @Override
    public FrameworkRuntime adopt(String self, Snapshot survivor) {
      throw new IllegalStateException("nothing survives");
    }
  }

  private Leadership begin(Beginning beginning, boolean standby) {
    Leadership begun =
        new Leadership(records, Words.NAME, "words-id", "", standby, LIMIT, beginning);
    begun.start();
    return begun;
  }

  @Test
  void whoFailsWithAnErrorWhenItComesToLeadEndsAndTheNextIsElected() {
    Failing next = new Failing();
    try (Leadership first = begin(new Failing(), false)) {
      assertThat(first.finished())
          .failsWithin(LIMIT)
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOf(SchedulerException.class)
          .withMessageContaining("containers run on")
          .withMessageContaining("NoClassDefFoundError: of a newer version");
      try (Leadership second = begin(next, true)) {
        await().atMost(LIMIT).until(() -> next.begun.get() == 1);
        await().atMost(LIMIT).until(() -> second.finished().isCompletedExceptionally());
      }
    }
  }
}
