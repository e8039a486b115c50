package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;

/** What frameworks refused and do not want to see again for a while. */
final class OfferFilters {
  private static final double DEFAULT_SECONDS = Filters.getDefaultInstance().getRefuseSeconds();
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<Refusal> refusals = new ArrayList<>();

  private record Refusal(
      FrameworkID framework, String role, AgentID agent, Resources resources, Instant until) {}

  /**
   * How long a refusal holds: as long as the framework says, but at least until the next round of
   * offers; five seconds if it says nothing or less than nothing; a year at most.
   */
  static Duration time(Filters filters, Duration allocationInterval) {
    double seconds = filters.getRefuseSeconds();
    if (!(seconds >= 0)) {
      seconds = DEFAULT_SECONDS;
    }
    if (seconds >= LONGEST.toSeconds()) {
      return LONGEST;
    }
    Duration wanted = Duration.ofNanos(Math.round(seconds * 1e9));
    if (wanted.isZero()) {
      return Duration.ZERO;
    }
    return wanted.compareTo(allocationInterval) < 0 ? allocationInterval : wanted;
  }

  void refuse(
      FrameworkID framework, String role, AgentID agent, Resources resources, Instant until) {
    refusals.add(new Refusal(framework, role, agent, resources.unallocated(), until));
  }

  /** True if the framework refused as much or more of that agent. */
  boolean refuses(
      FrameworkID framework, String role, AgentID agent, Resources resources, Instant now) {
    refusals.removeIf(refusal -> !refusal.until().isAfter(now));
    return refusals.stream()
        .anyMatch(
            refusal ->
                refusal.framework().equals(framework)
                    && refusal.role().equals(role)
                    && refusal.agent().equals(agent)
                    && refusal.resources().contains(resources));
  }

  int count(String role) {
    return (int) refusals.stream().filter(refusal -> refusal.role().equals(role)).count();
  }

  void clear(FrameworkID framework, Set<String> roles) {
    refusals.removeIf(r -> r.framework().equals(framework) && roles.contains(r.role()));
  }

  void clear(FrameworkID framework) {
    refusals.removeIf(r -> r.framework().equals(framework));
  }

  void clear(AgentID agent) {
    refusals.removeIf(r -> r.agent().equals(agent));
  }
}
