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
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.agent.Agent;
import org.apache.mesos.v1.Protos.FrameworkID;

/**
 * Lets calamities come over a cluster with a topology on it, in an order that a seed gives, and
 * then wants everything to be as if nothing had happened.
 */
final class Chaos {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Cluster cluster;
  private final MiniCluster mini;
  private final Topology topology;
  private final SplittableRandom random;
  private final List<String> timeline = new ArrayList<>();
  private final List<Calamity> next = new ArrayList<>();
  private final Instant begin = Instant.now();

  /** What can happen to a cluster. */
  private enum Calamity {
    /** kill -9 of a scheduler's process, the leader's or one that stands by; another stands by. */
    SCHEDULER,
    /** kill -9 of each of them; a user starts them again. */
    ALL_SCHEDULERS,
    /** kill -9 of a container's process. */
    CONTAINER,
    /** kill -9 of each process of containers. */
    ALL_CONTAINERS,
    /** The machine of an agent goes down with all that runs on it, and comes up again. */
    MACHINE,
    /** The agent's process dies and is started again; its tasks live on. */
    AGENT,
    /** The leading master dies; one that knows nothing takes its place. */
    MASTER,
    /** ZooKeeper goes down and up again with its data. */
    ZOOKEEPER,
    /** The scheduler's event stream is cut. */
    STREAM
  }

  Chaos(Cluster cluster, Topology topology, long seed) {
    this.cluster = cluster;
    this.mini = cluster.faulty();
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

  /** How many kinds of calamities there are; so many strikes are one of each, in some order. */
  static int kinds() {
    return Calamity.values().length;
  }

  private Calamity drawn() {
    if (next.isEmpty()) {
      next.addAll(List.of(Calamity.values()));
    }
    return next.remove(random.nextInt(next.size()));
  }

  /** One calamity; the next may come while its consequences last. */
  void strike() throws Exception {
    Calamity calamity = drawn();
    // Drawn in any case, so that a seed gives the same calamities whatever the cluster's state is.
    int which = random.nextInt(1 << 20);
    boolean waits = random.nextBoolean();
    switch (calamity) {
      case SCHEDULER -> {
        List<ProcessHandle> all = topology.schedulers();
        say("one of " + all.size() + " schedulers dies");
        if (!all.isEmpty()) {
          Processes.crash(all.get(which % all.size()));
        }
        if (topology.schedulers().size() == 1) {
          say("process " + topology.standBy().pid() + " stands by");
        }
      }
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
      case MACHINE -> {
        Agent agent = mini.agent(which % mini.agents().size());
        say("the machine of an agent goes down: " + agent.id().map(Object::toString).orElse("?"));
        agent.killWithTasks();
        agent.restart();
      }
      case AGENT -> {
        Agent agent = mini.agent(which % mini.agents().size());
        say("an agent's process dies: " + agent.id().map(Object::toString).orElse("?"));
        agent.kill();
        agent.restart();
      }
      case MASTER -> {
        say("the master fails over");
        mini.failOverMaster();
      }
      case ZOOKEEPER -> {
        say("ZooKeeper restarts");
        mini.zooKeeper().restart();
      }
      case STREAM -> {
        say("the event stream is cut");
        // A master that is just being replaced answers nothing.
        await().atMost(PATIENCE).ignoreExceptions().until(this::cutStreams);
      }
    }
    if (waits) {
      settle();
    }
  }

  private boolean cutStreams() throws Exception {
    for (FrameworkID framework : mini.leader().frameworks()) {
      mini.cutStream(framework);
    }
    return true;
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
              assertThat(topology.schedulers()).isNotEmpty();
            });
    assertThat(mini.leader().frameworks()).hasSize(1);
  }

  /** Nothing of the topology is left anywhere. */
  void nothingIsLeft() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(topology.executors()).isEmpty();
              assertThat(topology.schedulers()).isEmpty();
            });
    assertThat(mini.leader().frameworks()).isEmpty();
  }
}
