package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.client.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heron cluster status}: agents and tasks, as the master's pages say. */
@Command(
    name = "status",
    description = "Show the cluster's agents and tasks; exit code 1 if none runs",
    sortOptions = false)
final class ClusterStatus implements Callable<Integer> {
  @Mixin private ClusterHome home;

  @Option(names = "--json", description = "print as JSON: the cluster and the master's /state")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = home.directory();
    Optional<ClusterFile> file =
        ClusterFile.read(directory).filter(found -> found.process().isPresent());
    if (file.isEmpty()) {
      throw new ClientException(
          "no cluster runs in " + directory + "; start one with 'heron cluster start'");
    }
    MasterView view = MasterView.read(file.get().master());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>(file.get().asMap());
      all.put("state", view.json());
      System.out.println(new ObjectMapper().writeValueAsString(all));
      return 0;
    }
    System.out.println("Mesos master  http://" + file.get().master() + "/state");
    System.out.println("ZooKeeper     " + file.get().zookeeper());
    System.out.println("Process       " + file.get().pid());
    System.out.println();
    view.agentTable().forEach(System.out::println);
    System.out.println();
    view.taskTable().forEach(System.out::println);
    return 0;
  }
}
