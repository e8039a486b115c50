package org.apache.heron.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.scheduler.nomad.Node;
import org.apache.heron.scheduler.nomad.RealTasks;
import org.apache.heron.scheduler.nomad.StandInNomad;
import org.apache.heron.tests.integration.Heron;

/**
 * Containers as jobs of Nomad, whose server is a stand-in and whose tasks are real processes, with
 * shared state in files.
 */
class NomadContractTest extends SchedulerContract {
  @Override
  Backend start(Path temporary) throws Exception {
    return new Nomad(temporary);
  }

  private static final class Nomad implements Backend {
    private final RealTasks tasks = new RealTasks();
    private final StandInNomad server;
    private final Path allocations;
    private Path state;

    Nomad(Path temporary) throws IOException {
      allocations = temporary.resolve("alloc");
      tasks.runIn(allocations);
      server = new StandInNomad(tasks).with(Node.large("localhost"));
    }

    @Override
    public String cluster() {
      return "nomad";
    }

    @Override
    public void configure(Heron heron) throws IOException {
      state = heron.userHome().resolve(".herondata/repository/state/nomad");
      heron
          .configure(
              "nomad",
              "scheduler.yaml",
              Map.of(
                  "heron.nomad.scheduler.uri", server.uri(),
                  "heron.nomad.driver", "raw_exec",
                  "heron.directory.sandbox.java.home", "${JAVA_HOME}",
                  // There is no Consul beside the stand-in's clients.
                  "heron.nomad.metrics.service.provider", "nomad"))
          .configure(
              "nomad",
              "statemgr.yaml",
              Map.of(
                  "heron.class.state.manager",
                  "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager",
                  "heron.statemgr.connection.string",
                  "LOCALMODE",
                  "heron.statemgr.root.path",
                  state.toString()))
          .configure(
              "nomad",
              "uploader.yaml",
              Map.of(
                  "heron.class.uploader",
                  "org.apache.heron.uploader.localfs.LocalFileSystemUploader",
                  "heron.uploader.localfs.file.system.directory",
                  "${HOME}/.herondata/repository/topologies/${CLUSTER}/${ROLE}/${TOPOLOGY}"));
    }

    @Override
    public Map<Integer, String> copies(String topology) {
      Map<Integer, String> copies = new TreeMap<>();
      server
          .running(topology)
          .forEach(
              (job, allocation) ->
                  copies.put(Integer.valueOf(job.substring(job.lastIndexOf('-') + 1)), allocation));
      // A copy that was asked to end is still at its place until its process has gone.
      return tasks.alive() == server.running("").size() ? copies : Map.of();
    }

    @Override
    public void awaitServices(String topology) {
      // By the checks Nomad, or Consul, knows that Prometheus finds a container's metrics.
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () ->
                  assertThat(server.running(topology).keySet())
                      .isNotEmpty()
                      .allMatch(server::passesChecks));
    }

    @Override
    public boolean runsTuples() {
      return true;
    }

    @Override
    public boolean hasSchedulerProcess() {
      return false;
    }

    @Override
    public List<String> traces(String topology) {
      List<String> traces = new ArrayList<>();
      server.jobs().stream().filter(job -> job.startsWith(topology)).forEach(traces::add);
      server.running(topology).values().forEach(traces::add);
      return traces;
    }

    @Override
    public Set<String> state(String topology) throws IOException {
      return StateFiles.of(state, topology);
    }

    @Override
    public void cutOff(String topology) throws IOException {
      server.stopListening();
    }

    @Override
    public void mend(String topology) throws IOException {
      server.listenAgain();
    }

    @Override
    public void close() {
      tasks.close();
      server.close();
      assertThat(tasks.alive()).as("processes of tasks in %s", allocations).isZero();
    }
  }
}
