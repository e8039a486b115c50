package org.apache.heron.scheduler.aurora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerException;

/** How the configuration wants Aurora used. Immutable. */
final class AuroraSettings {
  /** Where Aurora's client is. */
  static final String CLIENT_KEY = "heron.aurora.client.path";

  /** How long a new job may take until it runs. */
  static final String SUBMIT_KEY = "heron.aurora.submit.timeout.seconds";

  private static final String COMMAND_KEY = "heron.aurora.command.timeout.seconds";
  private static final String STATUS_KEY = "heron.aurora.status.timeout.seconds";
  private static final String TEMPLATE_KEY = "heron.scheduler.job.template";
  private static final String LINK_KEY = "heron.scheduler.job.link.template";
  private static final String ATTEMPTS_KEY = "heron.scheduler.job.max.kill.attempts";
  private static final String INTERVAL_KEY = "heron.scheduler.job.kill.retry.interval.ms";
  private static final String TEMPLATE_NAME = "heron.aurora";
  private static final String PROMPT = "prompt";

  private final Config local;

  /**
   * @param local with paths of this host
   */
  AuroraSettings(Config local) {
    this.local = local;
  }

  String client() {
    return local.optionalString(CLIENT_KEY).orElse("aurora");
  }

  boolean verbose() {
    return local.bool(Key.VERBOSE);
  }

  /** True if Aurora's client restarts containers; false if their own web shell does. */
  boolean restartsByClient() {
    return local.bool(Key.AURORA_CONTROLLER_CLASS);
  }

  /** True if the user is to be asked before containers are added. */
  boolean asks() {
    String wanted = local.optionalString(Key.UPDATE_PROMPT).orElse("").strip();
    return wanted.equalsIgnoreCase(PROMPT) || wanted.equalsIgnoreCase("enabled");
  }

  Duration submitLimit() {
    return limit(SUBMIT_KEY, 300);
  }

  Duration commandLimit() {
    return limit(COMMAND_KEY, 900);
  }

  Duration statusLimit() {
    return limit(STATUS_KEY, 60);
  }

  private Duration limit(String key, long seconds) {
    Duration limit = local.duration(key, ChronoUnit.SECONDS, Duration.ofSeconds(seconds));
    if (limit.isZero()) {
      throw local.malformed(key, 0, "1 or more");
    }
    return limit;
  }

  int killAttempts() {
    long attempts = local.number(ATTEMPTS_KEY, 5);
    if (attempts < 1 || attempts > 1000) {
      throw local.malformed(ATTEMPTS_KEY, attempts, "from 1 to 1000");
    }
    return (int) attempts;
  }

  Duration killInterval() {
    return local.duration(INTERVAL_KEY, ChronoUnit.MILLIS, Duration.ofSeconds(2));
  }

  /** The job's web page, if the configuration says what its address looks like. */
  Optional<String> jobLink() {
    return local.optionalString(LINK_KEY).map(String::strip).filter(link -> !link.isEmpty());
  }

  /** Reads all, so that what is wrong is found before anything is done. */
  void check() {
    verbose();
    restartsByClient();
    submitLimit();
    commandLimit();
    statusLimit();
    killAttempts();
    killInterval();
  }

  /**
   * The job's template.
   *
   * @throws SchedulerException if there is no such file
   */
  Path template() {
    Path configured =
        local
            .optionalPath(TEMPLATE_KEY)
            .orElseGet(() -> local.path(Key.HERON_CONF).resolve(TEMPLATE_NAME));
    List<String> properties = properties();
    String chosen = properties.isEmpty() ? "" : properties.get(0).strip();
    Path file =
        chosen.isEmpty()
            ? configured
            : Path.of(configured.toString().replace(TEMPLATE_NAME, chosen));
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      throw new SchedulerException(
          "the template of Aurora's job, "
              + file
              + ", is no file that can be read; "
              + TEMPLATE_KEY
              + " says where it is");
    }
    return file;
  }

  /** What is bound for the template as AURORA_METADATA_1, …. */
  List<String> metadata() {
    List<String> properties = properties();
    return properties.isEmpty() ? List.of() : properties.subList(1, properties.size());
  }

  /** Upstream's form: {@code template,meta1,meta2…}. */
  private List<String> properties() {
    return local
        .optionalString(Key.SCHEDULER_PROPERTIES)
        .filter(text -> !text.isBlank())
        .map(text -> Arrays.asList(text.split(",", -1)))
        .orElse(List.of());
  }
}
