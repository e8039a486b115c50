package org.apache.heron.tests.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.tests.integration.Heron;
import org.apache.heron.tests.integration.Processes;

/** Containers as processes of this host, with shared state in files. */
class LocalContractTest extends SchedulerContract {
  @Override
  Backend start(Path temporary) {
    return new ThisHost();
  }

  private static final class ThisHost implements Backend {
    private Heron heron;

    @Override
    public String cluster() {
      return "local";
    }

    @Override
    public void configure(Heron command) {
      heron = command;
    }

    private Path workingDirectory(String topology) {
      return heron
          .userHome()
          .resolve(".herondata/topologies/local")
          .resolve(System.getProperty("user.name"))
          .resolve(topology);
    }

    @Override
    public Map<Integer, String> copies(String topology) {
      return Containers.of(topology, workingDirectory(topology).toString());
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
      Path directory = workingDirectory(topology);
      if (Files.exists(directory)) {
        traces.add(directory.toString());
      }
      Processes.mentioning(directory.toString())
          .forEach(handle -> traces.add(handle.pid() + " " + handle.info().commandLine()));
      return traces;
    }

    @Override
    public Set<String> state(String topology) throws IOException {
      return StateFiles.of(heron.userHome().resolve(".herondata/repository/state/local"), topology);
    }

    @Override
    public List<String> failingLaunch() {
      return List.of(
          "--config-property",
          "heron.package.use_core_uri=true",
          "--config-property",
          "heron.package.core.uri=file:///no/such/heron-core.tar.gz");
    }

    @Override
    public void cutOff(String topology) {
      Path directory = workingDirectory(topology);
      Processes.mentioning("org.apache.heron.scheduler.SchedulerMain").stream()
          .filter(Processes.mentioning(directory.toString())::contains)
          .forEach(Processes::crash);
    }

    @Override
    public void mend(String topology) {
      // heron kill starts the scheduler again.
    }

    @Override
    public void close() {
      // Nothing was started.
    }
  }
}
