package org.apache.heron.tests.integration;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.agent.Agent;
import org.apache.mesos.v1.Protos.FrameworkID;

/** Faults of a cluster that lives in this JVM: what dies is back at once. */
final class EmbeddedFaults implements Faults {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final MiniCluster cluster;

  EmbeddedFaults(MiniCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Set<Calamity> possible() {
    return EnumSet.complementOf(EnumSet.of(Calamity.SCHEDULER_PAUSES, Calamity.PART_PAUSES));
  }

  private Agent agent(int which) {
    return cluster.agent(which % cluster.agents().size());
  }

  private static String name(Agent agent) {
    return agent.id().map(id -> id.getValue()).orElse("?");
  }

  @Override
  public String machineDies(int which, Duration downtime) throws Exception {
    String name = name(agent(which));
    agent(which).killWithTasks();
    agent(which).restart();
    return "the machine of agent " + name + " went down and up";
  }

  @Override
  public String agentDies(int which, Duration downtime) throws Exception {
    String name = name(agent(which));
    agent(which).kill();
    agent(which).restart();
    return "agent " + name + " died and was started again";
  }

  @Override
  public String masterDies(Duration downtime) throws Exception {
    cluster.failOverMaster();
    return "the master failed over to one that knows nothing";
  }

  @Override
  public String zooKeeperDies(Duration downtime) throws Exception {
    cluster.zooKeeper().restart();
    return "ZooKeeper restarted";
  }

  @Override
  public String streamsBreak() {
    // A master that is just being replaced answers nothing.
    await().atMost(PATIENCE).ignoreExceptions().until(this::cutStreams);
    return "the event streams were cut";
  }

  private boolean cutStreams() throws Exception {
    for (FrameworkID framework : cluster.leader().frameworks()) {
      cluster.cutStream(framework);
    }
    return true;
  }

  @Override
  public String partPauses(int which, Duration time) {
    throw new UnsupportedOperationException("a part of this process cannot be stopped alone");
  }

  @Override
  public void awaitRepairs() {}

  @Override
  public void close() {}
}
