package org.apache.heron.framework.task;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;

/** How the framework presents itself to Mesos. */
public final class FrameworkDescription {
  private static final String FAILOVER_KEY = "heron.mesos.framework.failover.timeout.seconds";
  private static final String ROLE_KEY = "heron.mesos.role";
  private static final String REVOCABLE_KEY = "heron.mesos.revocable";
  private static final String GPUS_KEY = "heron.mesos.gpus";
  private static final String REGION_AWARE_KEY = "heron.mesos.region.aware";
  private static final String PRINCIPAL_KEY = "heron.mesos.principal";
  // Mesos' documentation of roles; a master refuses others.
  private static final Pattern ROLE =
      Pattern.compile("(?!/)(?:(?:^|/)(?!-|\\.{1,2}(?:/|$)|\\*(?:/|$))[^/\\s\\x00-\\x1f\\x7f]+)+");
  private static final Duration FAILOVER = Duration.ofDays(7);

  private FrameworkDescription() {}

  /**
   * The framework of a topology, without id.
   *
   * @throws ConfigException if the configuration asks for what would lose containers
   */
  public static FrameworkInfo of(Config config, String topology) {
    Duration failover = config.duration(FAILOVER_KEY, ChronoUnit.SECONDS, FAILOVER);
    if (failover.isZero()) {
      throw new ConfigException(
          FAILOVER_KEY
              + " is 0 (from "
              + config.sourceOf(FAILOVER_KEY)
              + "): Mesos would kill every container as soon as the scheduler is away;"
              + " set the seconds that it may be away");
    }
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setName("heron_scheduler_" + topology)
            .setUser(config.optionalString(Key.ROLE).orElse(""))
            .setCheckpoint(true)
            .setFailoverTimeout((double) failover.toSeconds())
            .addAllRoles(roles(config));
    capabilities(config)
        .forEach(type -> info.addCapabilities(Capability.newBuilder().setType(type)));
    config
        .optionalString(PRINCIPAL_KEY)
        .filter(principal -> !principal.isBlank())
        .ifPresent(info::setPrincipal);
    return info.build();
  }

  // What is not asked for is not declared: Mesos then keeps to itself what we would not use.
  private static List<Capability.Type> capabilities(Config config) {
    List<Capability.Type> types =
        new ArrayList<>(
            List.of(
                Capability.Type.MULTI_ROLE,
                Capability.Type.PARTITION_AWARE,
                Capability.Type.RESERVATION_REFINEMENT));
    if (config.bool(REVOCABLE_KEY, false)) {
      types.add(Capability.Type.REVOCABLE_RESOURCES);
    }
    if (config.number(GPUS_KEY, 0) > 0) {
      types.add(Capability.Type.GPU_RESOURCES);
    }
    if (config.bool(REGION_AWARE_KEY, false)) {
      types.add(Capability.Type.REGION_AWARE);
    }
    return types;
  }

  private static List<String> roles(Config config) {
    List<String> roles =
        java.util.Arrays.stream(config.optionalString(ROLE_KEY).orElse("*").split(","))
            .map(String::strip)
            .filter(role -> !role.isEmpty())
            .distinct()
            .toList();
    for (String role : roles) {
      if (!role.equals("*") && !ROLE.matcher(role).matches()) {
        throw config.malformed(
            ROLE_KEY,
            role,
            "names of roles in Mesos: words joined by '/', without white space, none of them '.',"
                + " '..', '*' or beginning with '-'");
      }
    }
    return roles.isEmpty() ? List.of("*") : roles;
  }
}
