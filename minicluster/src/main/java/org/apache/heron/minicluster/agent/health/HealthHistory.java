package org.apache.heron.minicluster.agent.health;

import java.time.Duration;
import java.time.Instant;
import org.apache.mesos.v1.Protos.HealthCheck;

/**
 * Decides what a check's result means (recording health-checks; Mesos' health check documentation):
 * failures within the grace period do not count until the first success; every failure is told, a
 * success only if it is news; so many failures in a row are the end. Pure; for one thread.
 */
final class HealthHistory {
  private final int limit;
  private final Instant graceEnd;
  private boolean everHealthy;
  private boolean first = true;
  private int failures;

  HealthHistory(HealthCheck check, Instant started) {
    this.limit = check.getConsecutiveFailures();
    this.graceEnd = started.plus(seconds(check.getGracePeriodSeconds()));
  }

  static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (Math.max(0, seconds) * 1e9));
  }

  /** What to do after a check. */
  enum Verdict {
    /** Nothing new. */
    SILENT,
    /** The task is healthy now. */
    HEALTHY,
    /** The task is not healthy. */
    UNHEALTHY,
    /** The task was unhealthy too often and is to be killed. */
    KILL
  }

  Verdict judge(boolean success, Instant now) {
    if (success) {
      boolean news = first || failures > 0;
      first = false;
      everHealthy = true;
      failures = 0;
      return news ? Verdict.HEALTHY : Verdict.SILENT;
    }
    if (!everHealthy && now.isBefore(graceEnd)) {
      return Verdict.SILENT;
    }
    first = false;
    failures++;
    return failures >= limit ? Verdict.KILL : Verdict.UNHEALTHY;
  }
}
