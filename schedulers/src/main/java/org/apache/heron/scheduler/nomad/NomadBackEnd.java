package org.apache.heron.scheduler.nomad;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.scheduler.nomad.job.JobSettings;
import org.apache.heron.scheduler.nomad.rest.Client;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.ClockDifference;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.StateManagers;

/** Nomad, as {@code heron doctor} looks at it. */
final class NomadBackEnd implements BackEnd {
  private static final String SERVER = "nomad";
  private static final String VERSION = "nomad version";
  private static final String CLIENTS = "nomad clients";

  private final Config config;
  private final Map<String, String> environment;
  private Optional<IStateManager> state = Optional.empty();

  NomadBackEnd(Config config, Map<String, String> environment) {
    this.config = config;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public void check(Consumer<Finding> findings) {
    JobSettings settings;
    NomadApi api;
    try {
      settings = JobSettings.of(config);
      api = new NomadApi(config, environment);
    } catch (ConfigException e) {
      findings.accept(Finding.failed(SERVER, e.getMessage(), "correct the value"));
      return;
    }
    try {
      api.jobs("heron-doctor-asks-for-none");
      findings.accept(
          Finding.ok(SERVER, "Nomad at " + api.server() + " answers, and lets us list jobs"));
    } catch (SchedulerException e) {
      findings.accept(
          Finding.failed(
              SERVER,
              e.getMessage(),
              "start Nomad, or correct heron.nomad.scheduler.uri, its token or its namespace"));
      return;
    }
    findings.accept(version(api));
    findings.accept(clients(api, settings));
    clock(api, findings);
  }

  private static Finding version(NomadApi api) {
    try {
      return api.version()
          .map(version -> Finding.ok(VERSION, "it is " + version))
          .orElse(Finding.skipped(VERSION, "it does not say which it is"));
    } catch (SchedulerException e) {
      // A token for jobs alone is enough to run topologies.
      return Finding.skipped(VERSION, e.getMessage());
    }
  }

  private static Finding clients(NomadApi api, JobSettings settings) {
    List<Client> all;
    try {
      all = api.clients();
    } catch (SchedulerException e) {
      return Finding.skipped(CLIENTS, e.getMessage());
    }
    String driver = settings.driverName();
    List<Client> near =
        all.stream()
            .filter(Client::ready)
            .filter(client -> settings.mayRunIn(client.datacenter()))
            .toList();
    long able = near.stream().filter(client -> client.drivers().contains(driver)).count();
    if (near.isEmpty()) {
      return Finding.failed(
          CLIENTS,
          "none of " + all.size() + " clients is ready in " + settings.datacenters(),
          "name a datacenter that has clients (heron.nomad.datacenters), or start one");
    }
    String text =
        able
            + " of "
            + near.size()
            + " ready clients in "
            + settings.datacenters()
            + " have driver "
            + driver;
    return able == 0
        ? Finding.failed(
            CLIENTS,
            text,
            "allow it in the clients' configuration, or choose another: heron.nomad.driver")
        : Finding.ok(CLIENTS, text);
  }

  private static void clock(NomadApi api, Consumer<Finding> findings) {
    Instant sent = Instant.now();
    try {
      Optional<String> date = api.date();
      findings.accept(ClockDifference.judge("Nomad at " + api.server(), date, sent, Instant.now()));
    } catch (SchedulerException e) {
      findings.accept(Finding.skipped("clock", e.getMessage()));
    }
  }

  @Override
  public Life life(String topology) {
    try {
      NomadApi api = new NomadApi(config, environment);
      Topology named = Topology.newBuilder().setName(topology).buildPartial();
      int jobs = new TopologyJobs(api, named).ids().size();
      if (jobs > 0) {
        return Life.running("Nomad at " + api.server() + " has " + jobs + " jobs of it");
      }
      return Elsewhere.of(config, api, state(), topology)
          .map(Life::unknown)
          .orElseGet(() -> Life.gone("Nomad at " + api.server() + " has no job of it"));
    } catch (SchedulerException | ConfigException | StateException e) {
      return Life.unknown(e.getMessage());
    }
  }

  /** Opened when it is first asked whether a topology runs elsewhere. */
  private IStateManager state() {
    if (state.isEmpty()) {
      state = Optional.of(StateManagers.open(config));
    }
    return state.get();
  }

  @Override
  public void close() {
    state.ifPresent(IStateManager::close);
    state = Optional.empty();
  }
}
