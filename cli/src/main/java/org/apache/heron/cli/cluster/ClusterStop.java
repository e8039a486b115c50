package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.heron.client.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heron cluster stop}: ends the cluster with all its tasks and removes its files. */
@Command(
    name = "stop",
    description = "End the cluster with everything that runs on it, and remove its files",
    sortOptions = false)
final class ClusterStop implements Callable<Integer> {
  private static final long LIMIT_SECONDS = 60;

  @Mixin private ClusterHome home;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = home.directory();
    refuseNone(directory, ClusterFile.read(directory));
    try (ClusterDirectory held = ClusterDirectory.forStop(directory)) {
      // Another stop may have been faster.
      Optional<ClusterFile> file = ClusterFile.read(directory);
      if (file.isPresent()) {
        end(file.get(), directory);
      }
      held.remove();
      refuseNone(directory, file);
    }
    return 0;
  }

  private static void refuseNone(Path directory, Optional<ClusterFile> file) {
    if (file.isEmpty()) {
      throw new ClientException("no cluster was started in " + directory);
    }
  }

  private static void end(ClusterFile file, Path directory)
      throws IOException, InterruptedException {
    Optional<ProcessHandle> process = file.process();
    if (process.isPresent()) {
      process.get().destroy();
      try {
        process.get().onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new ClientException(
            "process "
                + file.pid()
                + " has not ended after "
                + LIMIT_SECONDS
                + " s; its log is "
                + directory.resolve(ClusterProcess.LOG));
      }
      System.out.println("Cluster stopped.");
    } else {
      // Tasks outlive a cluster whose process died.
      EmbeddedCluster.endTasks(directory.resolve(ClusterProcess.WORK));
      System.out.println(
          "The cluster was not running any more; what it had left is ended, its files are removed.");
    }
  }
}
