package org.apache.heron.minicluster.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose parts are processes, and die as processes do. */
class StandaloneClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;
  private StandaloneCluster cluster;
  private TestScheduler scheduler;

  /** What is told of a cluster that has begun to run. */
  private interface Story {
    void tell() throws Exception;
  }

  /**
   * @param session of the master in ZooKeeper; where nobody kills it, it is to live on however long
   *     the machine has no time for it
   */
  private void inACluster(Duration session, Story story) throws Exception {
    try (StandaloneCluster started =
        StandaloneCluster.start(
            new StandaloneCluster.Settings(
                directory,
                List.of("cpus:4;mem:4096;disk:100"),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                5,
                Duration.ofMinutes(10),
                session))) {
      cluster = started;
      try (TestScheduler subscribed =
          new TestScheduler(() -> started.master().port(), TestScheduler.framework("*").build())) {
        scheduler = subscribed;
        await().atMost(PATIENCE).ignoreExceptions().until(() -> subscribed.subscribe() != null);
        story.tell();
      }
    }
    assertThat(sandboxProcesses()).isEmpty();
  }

  @Test
  void anAgentsProcessThatIsKilledGoesOnWithWhatIsOnDisk() throws Exception {
    inACluster(
        Duration.ofSeconds(30),
        () -> {
          Path gone = directory.resolve("go");
          run("lives", "exec sleep 300");
          run("ends", "until test -f " + gone + "; do sleep 0.05; done; exit 5");
          anAgentThatIsKilledFindsItsTasksAndTellsWhatEndedMeanwhile(gone);
        });
  }

  @Test
  @Tag("soak")
  void everyOtherPartThatIsKilledGoesOnWithWhatIsOnDisk() throws Exception {
    inACluster(
        Duration.ofSeconds(2),
        () -> {
          run("lives", "exec sleep 300");
          run("machine", "exec sleep 300");
          aMasterThatIsKilledRemembersTheAgentAndHearsOfItsTasks();
          zooKeeperKeepsItsData();
          aMachineThatDiesTakesItsTasksWithIt();
        });
  }

  private void run(String task, String command) throws Exception {
    Offer offer = scheduler.expectOffer();
    scheduler.launch(offer, task, command);
    scheduler.expectStatus(task, TaskState.TASK_RUNNING);
  }

  private void anAgentThatIsKilledFindsItsTasksAndTellsWhatEndedMeanwhile(Path gone)
      throws Exception {
    List<Event> known = scheduler.received();
    // The executor and the command, both of which last.
    await().atMost(PATIENCE).until(() -> sandboxProcesses("lives").size() == 2);
    List<Long> lives = sandboxProcesses("lives");
    cluster.agents().get(0).kill();
    Files.createFile(gone);
    await().atMost(PATIENCE).until(() -> sandboxProcesses("ends").isEmpty());
    assertThat(sandboxProcesses()).isEqualTo(lives);

    cluster.agents().get(0).start();

    TaskStatus failed = scheduler.expectStatus("ends", TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Command exited with status 5");
    assertThat(sandboxProcesses()).isEqualTo(lives);
    assertThat(scheduler.received())
        .filteredOn(event -> !known.contains(event))
        .noneMatch(Event::hasUpdate);
    scheduler.expectOffer();
  }

  private void aMasterThatIsKilledRemembersTheAgentAndHearsOfItsTasks() throws Exception {
    cluster.master().kill();
    scheduler.expectEnd();
    cluster.master().start();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> scheduler.subscribe() != null);
    scheduler.expectOffer();
    // The registry knows the agent: nothing is told of what it runs but to who asks.
    assertThat(scheduler.received()).noneMatch(Event::hasUpdate);
    scheduler.kill("lives");
    assertThat(scheduler.expectStatus("lives", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Terminated");
  }

  private void zooKeeperKeepsItsData() throws Exception {
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(cluster.zooKeeper().address(), new RetryOneTime(500))) {
      client.start();
      client.create().forPath("/kept", new byte[] {7});
      cluster.zooKeeper().kill();
      cluster.zooKeeper().start();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(client.getData().forPath("/kept")).containsExactly(7));
    }
    // A master that cannot see ZooKeeper lets its frameworks go.
    await().atMost(PATIENCE).ignoreExceptions().until(() -> scheduler.subscribe() != null);
    scheduler.expectOffer();
  }

  private void aMachineThatDiesTakesItsTasksWithIt() throws Exception {
    assertThat(sandboxProcesses()).isNotEmpty();
    cluster.killMachine(0);
    assertThat(sandboxProcesses()).isEmpty();
    cluster.agents().get(0).start();
    assertThat(scheduler.expectStatus("machine", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Executor terminated");
  }

  /** Processes of tasks, whoever started them; sorted. */
  private List<Long> sandboxProcesses() {
    return sandboxProcesses(sandbox -> true);
  }

  private List<Long> sandboxProcesses(String task) {
    return sandboxProcesses(sandbox -> sandbox.contains("/executors/" + task + "/"));
  }

  private List<Long> sandboxProcesses(Predicate<String> which) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> sandbox(pid).filter(which).isPresent())
        .sorted()
        .toList();
  }

  private Optional<String> sandbox(long pid) {
    try {
      String environment =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1);
      String mark = "MESOS_SANDBOX=" + directory.toRealPath();
      return Stream.of(environment.split("\0")).filter(line -> line.startsWith(mark)).findFirst();
    } catch (IOException e) {
      return Optional.empty(); // it has ended, or is another user's
    }
  }
}
