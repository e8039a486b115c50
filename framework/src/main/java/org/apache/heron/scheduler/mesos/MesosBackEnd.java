package org.apache.heron.scheduler.mesos;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.heron.framework.driver.MasterQuestions;
import org.apache.heron.framework.driver.MasterQuestions.Answer;
import org.apache.heron.framework.driver.MasterQuestions.Unanswered;
import org.apache.heron.framework.driver.MasterUri;
import org.apache.heron.framework.driver.NativeMesos;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.ClockDifference;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.master.Protos.Call;

/** A Mesos cluster, as {@code heron doctor} looks at it. */
final class MesosBackEnd implements BackEnd {
  private static final String MASTER = "master";
  private static final String FRAMEWORK = "framework";
  private static final Duration REGISTRATION = Duration.ofSeconds(10);
  private static final Duration FETCH_LIMIT = Duration.ofMinutes(3);

  /** In quiets: how long a trial waits for an offer that fits. */
  private static final int TRIAL_PATIENCE = 4;

  private final Config local;
  private final Config cluster;
  private final MesosSettings settings;
  private final MasterQuestions master;
  private final TopologyRecords records;
  private final Duration registration;
  private final Duration quiet;

  /**
   * @throws org.apache.heron.spi.config.ConfigException if there is no master, or it is malformed
   */
  MesosBackEnd(Config local, Config cluster) {
    this(local, cluster, REGISTRATION, OfferSurvey.QUIET);
  }

  /**
   * @param registration how long a master may take to let a framework in
   * @param quiet after so long without another offer there are no more
   */
  MesosBackEnd(Config local, Config cluster, Duration registration, Duration quiet) {
    this.registration = registration;
    this.quiet = quiet;
    this.local = local;
    this.cluster = cluster;
    settings = new MesosSettings(cluster);
    records = new TopologyRecords(local);
    master = new MasterQuestions(settings.driver());
  }

  @Override
  public void check(Consumer<Finding> findings) throws InterruptedException {
    try {
      findings.accept(version(master.ask(Call.Type.GET_VERSION)));
      Answer leader = master.ask(Call.Type.GET_MASTER);
      findings.accept(leader(leader));
      AgentResources.judge(
          master.ask(Call.Type.GET_AGENTS).response().getGetAgents(),
          FrameworkDescription.of(cluster, "doctor").getRolesList(),
          findings);
      findings.accept(
          ClockDifference.judge(
              "the master " + leader.master(), leader.date(), leader.sent(), leader.received()));
    } catch (Unanswered e) {
      findings.accept(
          e.unauthorized() && settings.isNative()
              ? Finding.skipped(
                  MASTER,
                  e.getMessage()
                      + "; these questions are asked by HTTP, not by libmesos with its modules")
              : Finding.failed(MASTER, e.getMessage(), remedy(e)));
      if (!e.unauthorized()) {
        findings.accept(Finding.skipped(FRAMEWORK, "there is no master to register with"));
        return;
      }
    }
    findings.accept(registration());
  }

  private String remedy(Unanswered unanswered) {
    return unanswered.unauthorized()
        ? "set heron.mesos.principal and heron.mesos.secret.file as the master's credentials say"
        : "start the master, or correct "
            + MasterUri.KEY
            + " (from "
            + cluster.sourceOf(MasterUri.KEY)
            + ")";
  }

  private static Finding version(Answer answer) {
    String version = answer.response().getGetVersion().getVersionInfo().getVersion();
    String text = "Mesos " + version + " at " + answer.master();
    String[] numbers = version.split("\\.");
    try {
      int major = Integer.parseInt(numbers[0]);
      int minor = numbers.length > 1 ? Integer.parseInt(numbers[1].replaceAll("\\D.*", "")) : 0;
      if (major < 1) {
        return Finding.failed(MASTER, text + " has no v1 API", "upgrade Mesos to 1.4 or later");
      }
      if (major == 1 && minor < 4) {
        return Finding.warning(
            MASTER,
            text + " knows neither partitions' states nor refined reservations in full",
            "upgrade Mesos to 1.4 or later");
      }
      return Finding.ok(MASTER, text);
    } catch (NumberFormatException e) {
      return Finding.warning(MASTER, text + ": an unknown version", "see that it is 1.4 or later");
    }
  }

  private static Finding leader(Answer answer) {
    MasterInfo info = answer.response().getGetMaster().getMasterInfo();
    String name =
        (info.hasHostname() ? info.getHostname() : info.getAddress().getIp())
            + ":"
            + info.getPort();
    return Finding.ok(
        "leader",
        name
            + " leads"
            + (answer.response().getGetMaster().hasElectedTime()
                ? ", since "
                    + java.time.Instant.ofEpochSecond(
                        (long) answer.response().getGetMaster().getElectedTime())
                : ""));
  }

  /**
   * Only a registration tells whether principal and roles are let in, and what they are offered.
   */
  private Finding registration() throws InterruptedException {
    FrameworkInfo framework = FrameworkDescription.of(cluster, "doctor");
    String who =
        "roles "
            + String.join(",", framework.getRolesList())
            + (framework.hasPrincipal() ? ", principal '" + framework.getPrincipal() + "'" : "");
    try {
      List<Offer> offers =
          new OfferSurvey(framework, "heron_doctor", registration, quiet).take(connections());
      return offers.isEmpty()
          ? Finding.warning(
              FRAMEWORK,
              "registered (" + who + "), but nothing was offered",
              "see whether other frameworks hold everything, and heron.mesos.role")
          : Finding.ok(
              FRAMEWORK,
              String.format(
                  Locale.ROOT,
                  "registered (%s); %d offers from %d agents; torn down again",
                  who,
                  offers.size(),
                  offers.stream().map(offer -> offer.getAgentId().getValue()).distinct().count()));
    } catch (SchedulerException e) {
      return Finding.failed(
          FRAMEWORK,
          "not registered (" + who + "): " + e.getMessage(),
          e.getCause() instanceof NativeMesos.Unavailable
              ? "name libmesos in "
                  + NativeMesos.LIBRARY
                  + ", or take away "
                  + NativeMesos.DRIVER_KEY
              : "correct heron.mesos.principal, heron.mesos.secret.file and heron.mesos.role, or"
                  + " the master's ACLs");
    }
  }

  private MesosConnection.Opener connections() {
    // Counted for nobody: this framework is gone before anyone could look.
    FrameworkMetrics metrics = new FrameworkMetrics("doctor", "", "", "", Clock.systemUTC());
    return settings.connections(metrics);
  }

  @Override
  public void fetchCore(Consumer<Finding> findings) throws InterruptedException {
    new FetchTrial(
            FrameworkDescription.of(cluster, "doctor"),
            new PlacementSettings(cluster).rules(),
            // Only here do tokens stand for the submitting host's directories.
            local.string(Key.CORE_PACKAGE_URI),
            cluster.optionalString(Key.ROLE).filter(role -> !role.isBlank()),
            quiet.multipliedBy(TRIAL_PATIENCE),
            FETCH_LIMIT)
        .run(connections(), findings);
  }

  @Override
  public Life life(String topology) throws InterruptedException {
    Optional<Life> known = records.life(topology);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<String> framework;
    try {
      framework = records.frameworkId(topology);
    } catch (RuntimeException e) { // unreadable records must not look like none
      return Life.unknown("its records cannot be read: " + e.getMessage());
    }
    try {
      return FrameworkLife.judge(
          topology,
          framework,
          master.ask(Call.Type.GET_FRAMEWORKS).response().getGetFrameworks(),
          master.ask(Call.Type.GET_TASKS).response().getGetTasks(),
          FrameworkLife.Absentees.of(
              master.ask(Call.Type.GET_AGENTS).response().getGetAgents(),
              master.ask(Call.Type.GET_METRICS).response().getGetMetrics()));
    } catch (Unanswered e) {
      return Life.unknown(e.getMessage());
    }
  }

  @Override
  public Set<String> recorded() {
    return records.topologies();
  }

  @Override
  public void forget(String topology) {
    records.delete(topology);
  }

  @Override
  public void close() {
    master.close();
    records.close();
  }
}
