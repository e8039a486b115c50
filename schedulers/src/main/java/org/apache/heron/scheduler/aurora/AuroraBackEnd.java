package org.apache.heron.scheduler.aurora;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Aurora as {@code heron doctor} looks at it: through its command line client. */
final class AuroraBackEnd implements BackEnd {
  private static final String SETTINGS = "aurora settings";
  private static final String CLIENT = "aurora client";
  private static final String SCHEDULER = "aurora scheduler";
  private static final String TEMPLATE = "job template";
  private static final String ANY = "*";

  private final AuroraSettings settings;
  private final ClientProcess process;
  private final String searchPath;
  private final String cluster;
  private final String role;

  AuroraBackEnd(Config local, String searchPath) {
    this.settings = new AuroraSettings(local);
    this.searchPath = searchPath;
    this.process = new ClientProcess(settings.client(), searchPath);
    this.cluster = local.optionalString(Key.CLUSTER).orElse("");
    this.role = local.optionalString(Key.ROLE).filter(text -> !text.isEmpty()).orElse(ANY);
  }

  @Override
  public void check(Consumer<Finding> findings) throws InterruptedException {
    boolean wellSet = settings(findings);
    template(findings);
    var program = ClientProgram.find(settings.client(), searchPath);
    if (program.isEmpty()) {
      findings.accept(
          Finding.failed(
              CLIENT,
              "'" + settings.client() + "' is no program on PATH",
              "install Aurora's client on this host, or say where it is with "
                  + AuroraSettings.CLIENT_KEY));
      return;
    }
    findings.accept(Finding.ok(CLIENT, program.get().toString()));
    if (!wellSet) {
      findings.accept(Finding.skipped(SCHEDULER, "not asked before its settings are right"));
      return;
    }
    ClientRun run =
        process.run(List.of("job", "list", cluster + "/" + role), settings.statusLimit());
    if (run instanceof ClientRun.Ended ended && ended.ok()) {
      long jobs = ended.out().lines().filter(line -> !line.isBlank()).count();
      findings.accept(
          Finding.ok(
              SCHEDULER, "that of " + cluster + " answers; role " + role + ": " + jobs + " jobs"));
    } else {
      findings.accept(
          Finding.failed(
              SCHEDULER,
              ClientFailure.of(run, "list the jobs of " + cluster + "/" + role).line(),
              "try it by hand: aurora job list " + cluster + "/" + role));
    }
  }

  private boolean settings(Consumer<Finding> findings) {
    try {
      settings.check();
      return true;
    } catch (ConfigException e) {
      findings.accept(Finding.failed(SETTINGS, e.getMessage(), "correct the value"));
      return false;
    }
  }

  private void template(Consumer<Finding> findings) {
    try {
      findings.accept(Finding.ok(TEMPLATE, settings.template().toString()));
    } catch (SchedulerException e) {
      findings.accept(
          Finding.failed(TEMPLATE, e.getMessage(), "put the shipped heron.aurora there"));
    }
  }

  /** Under whatever role and environment: nobody knows those of a node that was left behind. */
  @Override
  public Life life(String topology) throws InterruptedException {
    String jobs = String.join("/", cluster, ANY, ANY, topology);
    Duration limit;
    try {
      limit = settings.statusLimit();
    } catch (ConfigException e) {
      return Life.unknown(e.getMessage());
    }
    ClientRun run = process.run(List.of("job", "status", "--write-json", jobs), limit);
    Optional<ClientFailure> failure =
        run instanceof ClientRun.Ended ended && ended.ok()
            ? Optional.empty()
            : Optional.of(ClientFailure.of(run, "tell the status of " + jobs));
    if (failure.filter(f -> f.kind() != ClientFailure.Kind.ABSENT).isPresent()) {
      return Life.unknown(failure.get().line());
    }
    try {
      JobStatus status = failure.isPresent() ? JobStatus.none() : JobStatus.parse(run.out());
      int active = status.active().size();
      return active > 0
          ? Life.running("Aurora has " + active + " instances of " + jobs)
          : Life.gone("Aurora has no instance of " + jobs);
    } catch (SchedulerException e) {
      return Life.unknown(e.getMessage());
    }
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
