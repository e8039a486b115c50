package org.apache.heron.tests.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.heron.tests.integration.Cluster;
import org.apache.heron.tests.integration.Heron;
import org.apache.heron.tests.integration.Pages;
import org.apache.heron.tests.integration.Processes;
import org.apache.heron.tests.integration.ZooKeeperTree;

/** Containers as tasks of a Mesos cluster, with shared state in ZooKeeper. */
class MesosContractTest extends SchedulerContract {
  @Override
  Backend start(Path temporary) throws Exception {
    return new Mesos(Cluster.start(temporary, 1));
  }

  private static final class Mesos implements Backend {
    private final Cluster cluster;
    private Heron heron;

    Mesos(Cluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public String cluster() {
      return "mesos";
    }

    @Override
    public void configure(Heron command) throws Exception {
      heron = cluster.configure(command);
    }

    @Override
    public Map<Integer, String> copies(String topology) {
      Map<Integer, String> copies = new TreeMap<>();
      for (JsonNode task : tasks(topology)) {
        if (task.path("state").asText().equals("TASK_RUNNING")) {
          String name = task.path("name").asText();
          copies.put(Integer.valueOf(name.split("_")[1]), task.path("id").asText());
        }
      }
      return copies;
    }

    private List<JsonNode> tasks(String topology) {
      List<JsonNode> tasks = new ArrayList<>();
      for (JsonNode framework : frameworks(topology)) {
        framework.path("tasks").forEach(tasks::add);
      }
      return tasks;
    }

    private List<JsonNode> frameworks(String topology) {
      List<JsonNode> found = new ArrayList<>();
      for (JsonNode framework : Pages.json(cluster.master(), "/state").path("frameworks")) {
        if (framework.path("name").asText().endsWith(topology)) {
          found.add(framework);
        }
      }
      return found;
    }

    @Override
    public boolean runsTuples() {
      return true;
    }

    @Override
    public boolean hasSchedulerProcess() {
      return true;
    }

    @Override
    public List<String> traces(String topology) {
      List<String> traces = new ArrayList<>();
      frameworks(topology).forEach(framework -> traces.add(framework.path("id").asText()));
      schedulers(topology).forEach(handle -> traces.add("process " + handle.pid()));
      return traces;
    }

    private List<ProcessHandle> schedulers(String topology) {
      List<ProcessHandle> ours = Processes.mentioning(heron.userHome().toString());
      return Processes.mentioning("--topology_name=" + topology).stream()
          .filter(ours::contains)
          .toList();
    }

    @Override
    public Set<String> state(String topology) throws Exception {
      Set<String> kinds = new TreeSet<>();
      try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
        tree.leaves("/heron", topology).forEach(path -> kinds.add(path.split("/")[2]));
      }
      return kinds;
    }

    @Override
    public List<String> failingLaunch() {
      return Backend.containersThatNeverRun(8);
    }

    @Override
    public void cutOff(String topology) {
      schedulers(topology).forEach(Processes::crash);
    }

    @Override
    public void mend(String topology) {
      // heron kill starts the scheduler again.
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
