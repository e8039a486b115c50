package org.apache.heron.framework.task;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Labels;

/** How the framework presents itself to Mesos. */
public final class FrameworkDescription {
  /** The label whose value is the id of the submission; its tasks have it, too. */
  public static final String TOPOLOGY_ID_LABEL = "heron.topology.id";

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
    return of(config, topology, config.optionalString(Key.TOPOLOGY_ID).orElse(""));
  }

  /**
   * The framework of one submission of a topology, which is found by its labels when nothing else
   * knows of it.
   *
   * @param topologyId empty if that is not known yet
   * @throws ConfigException if the configuration asks for what would lose containers
   */
  public static FrameworkInfo of(Config config, String topology, String topologyId) {
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
            .setLabels(labels(config, topology, topologyId))
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

  private static Labels labels(Config config, String topology, String topologyId) {
    return Labels.newBuilder()
        .addLabels(label("heron.topology", topology))
        .addLabels(label(TOPOLOGY_ID_LABEL, topologyId))
        .addLabels(label("heron.cluster", config.optionalString(Key.CLUSTER).orElse("")))
        .addLabels(label("heron.role", config.optionalString(Key.ROLE).orElse("")))
        .addLabels(label("heron.environ", config.optionalString(Key.ENVIRON).orElse("")))
        .build();
  }

  private static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
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
    Optional<String> text = config.optionalString(ROLE_KEY).filter(each -> !each.isBlank());
    if (text.isEmpty()) {
      return List.of("*");
    }
    List<String> roles =
        Arrays.stream(text.get().split(",", -1)).map(String::strip).distinct().toList();
    for (String role : roles) {
      if (!role.equals("*") && !ROLE.matcher(role).matches()) {
        throw config.malformed(
            ROLE_KEY,
            text.get(),
            "names of roles in Mesos, separated by single commas: each words joined by '/', without"
                + " white space, none of them '.', '..', '*' or beginning with '-'");
      }
    }
    return roles;
  }
}
