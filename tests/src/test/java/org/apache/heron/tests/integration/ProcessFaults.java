package org.apache.heron.tests.integration;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.standalone.Part;
import org.apache.heron.minicluster.standalone.StandaloneCluster;

/**
 * Faults of a cluster whose parts are processes: kill -9 and SIGSTOP. What died is started again
 * later, while other things happen. For one thread.
 */
final class ProcessFaults implements Faults {
  private final StandaloneCluster cluster;
  private final ScheduledExecutorService repairs = Executors.newScheduledThreadPool(4);
  private final Map<Part, Future<?>> pending = new HashMap<>();

  ProcessFaults(StandaloneCluster cluster) {
    this.cluster = cluster;
  }

  /** A thing that is done to a part. */
  private interface Blow {
    void fall() throws IOException;
  }

  @Override
  public Set<Calamity> possible() {
    return EnumSet.complementOf(EnumSet.of(Calamity.STREAM));
  }

  private String down(Part part, Blow blow, Duration downtime) throws Exception {
    Future<?> repair = pending.get(part);
    if (repair != null && !repair.isDone()) {
      return part.name() + " is down already";
    }
    if (repair != null) {
      repair.get();
    }
    String pid = part.pid().map(String::valueOf).orElse("?");
    blow.fall();
    pending.put(
        part,
        repairs.schedule(
            () -> {
              part.start();
              return null;
            },
            downtime.toMillis(),
            TimeUnit.MILLISECONDS));
    return part.name() + ", process " + pid + ", was killed for " + downtime.toMillis() + " ms";
  }

  @Override
  public String machineDies(int which, Duration downtime) throws Exception {
    int agent = which % cluster.agents().size();
    return down(cluster.agents().get(agent), () -> cluster.killMachine(agent), downtime)
        + " with its tasks";
  }

  @Override
  public String agentDies(int which, Duration downtime) throws Exception {
    Part agent = cluster.agents().get(which % cluster.agents().size());
    return down(agent, agent::kill, downtime);
  }

  @Override
  public String masterDies(Duration downtime) throws Exception {
    return down(cluster.master(), cluster.master()::kill, downtime);
  }

  @Override
  public String zooKeeperDies(Duration downtime) throws Exception {
    return down(cluster.zooKeeper(), cluster.zooKeeper()::kill, downtime);
  }

  @Override
  public String streamsBreak() {
    throw new UnsupportedOperationException("a master of its own cuts no streams");
  }

  @Override
  public String partPauses(int which, Duration time) throws Exception {
    List<Part> parts = new ArrayList<>(cluster.agents());
    parts.add(cluster.master());
    parts.add(cluster.zooKeeper());
    Part part = parts.get(which % parts.size());
    if (part.pid().isEmpty()) {
      return part.name() + " is down already";
    }
    Processes.pause(part.pid().get(), time);
    return part.name() + " stands still for " + time.toMillis() + " ms";
  }

  @Override
  public void awaitRepairs() throws Exception {
    for (Future<?> repair : pending.values()) {
      try {
        repair.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a part of the cluster did not come up again", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    repairs.shutdownNow();
    try {
      repairs.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
