package org.apache.heron.scheduler.aurora;

import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * Names a job in Aurora: {@code cluster/role/environment/name}.
 *
 * @param name the topology's
 */
record JobKey(String cluster, String role, String environment, String name) {
  /** What Aurora's client takes; the scheduler itself would take any identifier. */
  private static final Pattern ENVIRONMENT = Pattern.compile("devel|test|prod|staging[0-9]*");

  /** Aurora's identifiers: at most 255 of these characters. */
  private static final Pattern IDENTIFIER = Pattern.compile("[\\w.-]{1,255}");

  /**
   * @throws SchedulerException if Aurora would not take it; says which part, and what it may be
   */
  JobKey {
    require("cluster", cluster);
    require("role", role);
    require("topology", name);
    if (!ENVIRONMENT.matcher(environment).matches()) {
      throw new SchedulerException(
          "Aurora does not take the environment '"
              + environment
              + "' of cluster/role/environment: it must be devel, test, prod, or staging with or"
              + " without a number");
    }
  }

  /** The job of the topology that the configuration is about. */
  static JobKey of(Config config, String topology) {
    return new JobKey(
        config.optionalString(Key.CLUSTER).orElse(""),
        config.optionalString(Key.ROLE).orElse(""),
        config.optionalString(Key.ENVIRON).orElse(""),
        topology);
  }

  private static void require(String what, String value) {
    if (!IDENTIFIER.matcher(value).matches()) {
      throw new SchedulerException(
          "Aurora does not take the "
              + what
              + " '"
              + value
              + "': it must be 1 to 255 letters, digits, '.', '_' and '-'");
    }
  }

  /** As command lines of Aurora's client name the job. */
  String spec() {
    return cluster + "/" + role + "/" + environment + "/" + name;
  }

  @Override
  public String toString() {
    return spec();
  }
}
