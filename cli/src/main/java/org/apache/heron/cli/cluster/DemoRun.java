package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.statemgr.StateManagers;
import picocli.CommandLine;

/**
 * One demonstration: a cluster in this process, a topology on it through the same commands that a
 * user types, a screen that shows it. {@link #close} takes all of it away, from any thread, once.
 */
final class DemoRun implements AutoCloseable {
  private static final Duration TERMINAL_PERIOD = Duration.ofSeconds(1);
  private static final Duration PLAIN_PERIOD = Duration.ofSeconds(5);
  private static final Duration FIRST_TUPLES = Duration.ofSeconds(60);

  /** So much longer it is looked at if a slow answer has kept the looks from being compared. */
  private static final Duration ONE_MORE = Duration.ofSeconds(30);

  private final CommandLine heron;
  private final Path directory;
  private final ClusterShape shape;
  private EmbeddedCluster cluster;
  private DemoSettings settings;
  private String submitted = "";
  private String problem = "";
  private boolean closed;
  private volatile boolean ending;

  DemoRun(CommandLine heron, Path directory, ClusterShape shape) {
    this.heron = heron;
    this.directory = directory;
    this.shape = shape;
  }

  /** Why the demonstration failed; empty if it did not. */
  String problem() {
    return problem;
  }

  /** Starts the cluster and submits the topology; false if that failed, which was then printed. */
  boolean start(String topology, String mainClass, Path jar) throws IOException {
    synchronized (this) {
      if (closed) {
        return false;
      }
      System.out.println("Starting ZooKeeper, a Mesos master and " + shape.agents + " agents …");
      cluster = EmbeddedCluster.start(directory.resolve("cluster"), AgentShape.of(shape), 0, 0);
      settings = DemoSettings.write(directory, cluster.master(), cluster.zookeeper());
      submitted = topology;
    }
    System.out.println("Mesos master  http://" + cluster.master() + "/state");
    System.out.println("ZooKeeper     " + cluster.zookeeper());
    String[] submit = settings.command("submit", List.of(jar.toString(), mainClass, topology));
    if (heron.execute(submit) != 0) {
      problem = "the topology could not be submitted";
      return false;
    }
    return true;
  }

  /**
   * Shows the topology until the time is over, or for ever.
   *
   * @param duration how long; null until the process is told to end
   * @return true if all containers ran and every component's counter grew
   */
  boolean watch(Duration duration) throws InterruptedException {
    boolean terminal = Terminal.on(Terminal.OUT);
    DemoScreen screen = new DemoScreen(System.out, terminal);
    Duration period = terminal ? TERMINAL_PERIOD : PLAIN_PERIOD;
    DemoProgress progress = new DemoProgress();
    try (IStateManager state = StateManagers.open(settings.state())) {
      TopologyWatch watch = new TopologyWatch(state, submitted);
      long started = System.nanoTime();
      long begin = started;
      long last = started;
      ComponentCounts earlier = new ComponentCounts(Map.of());
      while (!ending) {
        Optional<SchedulerStatus> status = watch.status();
        long now = System.nanoTime();
        Duration elapsed = Duration.ofNanos(now - begin);
        if (status.isPresent()) {
          ComponentCounts counts = watch.counts(status.get());
          // The time to be shown begins with the first tuples, unless they do not come.
          if (counts.byComponent().isEmpty() && now - started < FIRST_TUPLES.toNanos()) {
            begin = System.nanoTime();
          }
          screen.show(status.get(), counts, earlier, (now - last) / 1e9, elapsed);
          if (status.get().allRunning()) {
            progress.see(counts);
          }
          earlier = counts;
          last = now;
        }
        Duration left = duration == null ? period : duration.minus(elapsed);
        if (left.compareTo(Duration.ZERO) > 0) {
          pause(left.compareTo(period) < 0 ? left : period);
        } else if (progress.wantsOneMore() && left.plus(ONE_MORE).compareTo(Duration.ZERO) > 0) {
          pause(PLAIN_PERIOD);
        } else {
          break;
        }
      }
    }
    problem = progress.problem().orElse("");
    return problem.isEmpty();
  }

  private synchronized void pause(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!ending) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return;
      }
      wait(millis);
    }
  }

  /** Kills the topology, stops the cluster and removes the files; the second call does nothing. */
  @Override
  public void close() {
    ending = true;
    synchronized (this) {
      notifyAll();
      if (closed) {
        return;
      }
      closed = true;
      try {
        if (cluster != null) {
          if (settings != null) {
            heron.execute(settings.command("kill", List.of(submitted)));
          }
          cluster.close();
        }
        DirectoryTree.delete(directory);
      } catch (IOException e) {
        System.err.println("demo: " + directory + " is not removed: " + e.getMessage());
      }
    }
  }
}
