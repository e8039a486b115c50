package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Lets calamities come over a cluster with a topology on it, in an order that a seed gives, and
 * then wants everything to be as if nothing had happened.
 */
final class Chaos {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Longer than sessions and pings last. */
  private static final Duration LONG = Duration.ofSeconds(16);

  private final Cluster cluster;
  private final Faults faults;
  private final Topology topology;
  private final SplittableRandom random;
  private final List<String> timeline = new ArrayList<>();
  private final List<Calamity> next = new ArrayList<>();
  private final Instant begin = Instant.now();

  Chaos(Cluster cluster, Faults faults, Topology topology, long seed) {
    this.cluster = cluster;
    this.faults = faults;
    this.topology = topology;
    this.random = new SplittableRandom(seed);
  }

  /** What has happened so far, for the one who looks for the reason. */
  List<String> timeline() {
    return timeline;
  }

  private void say(String what) {
    String line = Duration.between(begin, Instant.now()).toMillis() + " ms: " + what;
    timeline.add(line);
    System.out.println(line);
  }

  private Calamity drawn() {
    if (next.isEmpty()) {
      next.addAll(faults.possible());
    }
    return next.remove(random.nextInt(next.size()));
  }

  /** One calamity; the next may come while its consequences last. */
  void strike() throws Exception {
    Calamity calamity = drawn();
    // Drawn in any case, so that a seed gives the same calamities whatever the cluster's state is.
    int which = random.nextInt(1 << 20);
    boolean waits = random.nextBoolean();
    Duration most = random.nextInt(4) == 0 ? LONG : SHORT;
    Duration time = Duration.ofMillis(random.nextLong(most.toMillis()));
    switch (calamity) {
      case SCHEDULER -> aSchedulerDies(which);
      case ALL_SCHEDULERS -> {
        say("all schedulers die");
        topology.schedulers().forEach(Processes::crash);
        say("resumed: exit " + topology.resume().exit());
      }
      case CONTAINER -> {
        List<ProcessHandle> all =
            topology.executors().values().stream().flatMap(List::stream).toList();
        say("a container of " + topology.executors().keySet() + " dies");
        if (!all.isEmpty()) {
          Processes.crash(all.get(which % all.size()));
        }
      }
      case ALL_CONTAINERS -> {
        say("all containers die: " + topology.executors().keySet());
        topology.executors().values().stream().flatMap(List::stream).forEach(Processes::crash);
      }
      case MACHINE -> say(faults.machineDies(which, time));
      case AGENT -> say(faults.agentDies(which, time));
      case MASTER -> say(faults.masterDies(time));
      case ZOOKEEPER -> say(faults.zooKeeperDies(time));
      case STREAM -> say(faults.streamsBreak());
      case SCHEDULER_PAUSES -> {
        List<ProcessHandle> all = topology.schedulers();
        say("one of " + all.size() + " schedulers stands still for " + time.toMillis() + " ms");
        if (!all.isEmpty()) {
          Processes.pause(all.get(which % all.size()).pid(), time);
        }
      }
      case PART_PAUSES -> say(faults.partPauses(which, time));
    }
    if (waits) {
      settle();
    }
  }

  private void aSchedulerDies(int which) throws Exception {
    List<ProcessHandle> all = topology.schedulers();
    say("one of " + all.size() + " schedulers dies");
    if (!all.isEmpty()) {
      Processes.crash(all.get(which % all.size()));
    }
    if (topology.schedulers().size() == 1) {
      // Without ZooKeeper nobody can stand by.
      say("another stands by: exit " + topology.tryStandBy().exit());
    }
  }

  /** Waits until every container runs. */
  void settle() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              if (topology.schedulers().isEmpty()) {
                say("resumed again: exit " + topology.resume().exit());
              }
              Map<Integer, JsonNode> containers = topology.containers();
              return topology.status().path("phase").asText().equals("RUNNING")
                  && !topology.status().path("master").asText().isEmpty()
                  && containers.values().stream()
                      .allMatch(each -> each.path("state").asText().equals("RUNNING"));
            });
    say("everything runs");
  }

  /** Just the wanted containers run, each once, in Mesos' eyes and in the kernel's. */
  void nothingIsMissingTwiceOrLeftBehind(String framework, Set<Integer> wanted) throws Exception {
    faults.awaitRepairs();
    settle();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(topology.status().path("frameworkId").asText()).isEqualTo(framework);
              Map<Integer, String> scheduled = new TreeMap<>();
              topology
                  .containers()
                  .forEach((id, each) -> scheduled.put(id, each.path("taskId").asText()));
              assertThat(scheduled.keySet()).isEqualTo(wanted);
              assertThat(cluster.tasks(topology.name()))
                  .extracting(task -> task.path("id").asText())
                  .containsExactlyInAnyOrderElementsOf(scheduled.values());
              Map<Integer, List<ProcessHandle>> processes = topology.executors();
              assertThat(processes.keySet()).isEqualTo(wanted);
              assertThat(processes.values()).allSatisfy(each -> assertThat(each).hasSize(1));
              assertThat(cluster.tasksThatHaveProcesses())
                  .containsExactlyInAnyOrderElementsOf(scheduled.values());
              assertThat(topology.schedulers()).isNotEmpty();
            });
    assertThat(frameworks()).isEqualTo(1);
  }

  private int frameworks() {
    return Pages.json(cluster.master(), "/state").path("frameworks").size();
  }

  /** Nothing of the topology is left anywhere. */
  void nothingIsLeft() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(topology.executors()).isEmpty();
              assertThat(topology.schedulers()).isEmpty();
              assertThat(cluster.tasksThatHaveProcesses()).isEmpty();
            });
    assertThat(frameworks()).isZero();
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", topology.name())).as("nodes in ZooKeeper").isEmpty();
    }
  }
}
