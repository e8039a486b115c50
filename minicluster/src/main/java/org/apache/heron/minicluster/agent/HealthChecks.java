package org.apache.heron.minicluster.agent;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.heron.minicluster.agent.health.HealthChecker;
import org.apache.heron.minicluster.agent.health.NetworkCheck;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.heron.minicluster.agent.process.Probe;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins the check that a task asks for. For the loop's thread. */
final class HealthChecks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

  private final NetworkCheck network;
  private final TaskLauncher launcher;
  private final Loop loop;
  private final Executor workers;

  HealthChecks(String address, TaskLauncher launcher, Loop loop, Executor workers) {
    this.network = new NetworkCheck(address);
    this.launcher = launcher;
    this.loop = loop;
    this.workers = workers;
  }

  /** Begins; empty if the check is of a type that there is no way to look by. */
  Optional<HealthChecker> begin(TaskRun run, AgentID agent, HealthChecker.Listener listener) {
    HealthCheck settings = run.task.getHealthCheck();
    Optional<HealthChecker.Check> check = check(run, agent, settings);
    if (check.isEmpty()) {
      LOG.warn("{} has a health check of unknown type, which is left out", run.key);
    }
    return check.map(found -> new HealthChecker(settings, found, listener, loop, workers));
  }

  private Optional<HealthChecker.Check> check(TaskRun run, AgentID agent, HealthCheck settings) {
    if (settings.hasHttp()) {
      return Optional.of(limit -> network.http(settings.getHttp(), limit));
    }
    if (settings.hasTcp()) {
      return Optional.of(limit -> network.tcp(settings.getTcp(), limit));
    }
    if (settings.hasCommand()) {
      return Optional.of(
          limit ->
              Probe.run(launcher.probe(run, agent, settings.getCommand()), limit)
                  .filter(status -> status == 0)
                  .isPresent());
    }
    return Optional.empty();
  }
}
