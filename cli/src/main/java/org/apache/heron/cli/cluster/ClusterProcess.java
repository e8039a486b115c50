package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.cli.console.ConsoleLogging;
import org.apache.heron.spi.process.LivingProcess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The background process of {@code heron cluster start}: runs the cluster until SIGTERM, a new one
 * or the one that is on record in the directory. Says why it cannot in a line that begins with
 * {@code error: }.
 */
@Command(name = "heron-cluster")
final class ClusterProcess implements Callable<Integer> {
  /** Where in its directory a cluster keeps what its parts have on disk. */
  static final String WORK = "work";

  /** The file in its directory that a cluster's process writes to. */
  static final String LOG = "cluster.log";

  @Mixin private ClusterShape shape;
  @Mixin private ClusterHome home;

  @Option(names = "--port")
  private int port;

  @Option(names = "--zookeeper-port")
  private int zookeeperPort;

  private ClusterProcess() {}

  public static void main(String[] args) {
    ConsoleLogging.activate(false);
    System.exit(
        new CommandLine(new ClusterProcess())
            .setExecutionExceptionHandler(
                (exception, line, result) -> {
                  System.err.println("error: " + exception.getMessage());
                  return 1;
                })
            .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ClusterDirectory held = ClusterDirectory.forProcess(home.directory())) {
      return serve(held.path());
    }
  }

  private int serve(Path directory) throws IOException, InterruptedException {
    Optional<ClusterFile> before = ClusterFile.read(directory);
    List<AgentShape> agents = before.isPresent() ? before.get().agents() : AgentShape.of(shape);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (EmbeddedCluster cluster =
        EmbeddedCluster.start(directory.resolve(WORK), agents, port, zookeeperPort)) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stopped.countDown();
                    try {
                      closed.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  },
                  "stop"));
      ProcessHandle self = ProcessHandle.current();
      new ClusterFile(
              self.pid(),
              ClusterFile.startOf(self),
              LivingProcess.birth(self),
              cluster.master(),
              cluster.zookeeper(),
              before.map(ClusterFile::shape).orElseGet(shape::words),
              agents)
          .write(directory);
      System.out.println("cluster serves; master " + cluster.master());
      stopped.await();
    } finally {
      closed.countDown();
    }
    return 0;
  }
}
