package org.apache.heron.scheduler.aurora;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorCommand;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.SchedulerException;

/** What the job's template is given: {@code --bind NAME=value}. Pure. */
final class Binds {
  /** Upstream's names for what {@code heron.scheduler.properties} lists after the template. */
  private static final String METADATA = "AURORA_METADATA_";

  private Binds() {}

  /**
   * The binds in a fixed order.
   *
   * @param cluster configuration with paths relative to the sandbox
   * @param local configuration with paths of this host
   * @param size of every container
   * @param metadata further values, bound as AURORA_METADATA_1, …
   * @throws SchedulerException if a value cannot be bound
   */
  static Map<String, String> of(
      JobKey job,
      Config cluster,
      Config local,
      Topology topology,
      PackingPlan plan,
      Resource size,
      String packageUri,
      List<String> metadata) {
    Map<AuroraField, String> fields = new EnumMap<>(AuroraField.class);
    fields.put(AuroraField.EXECUTOR_BINARY, cluster.string(Key.EXECUTOR_BINARY));
    fields.put(
        AuroraField.TOPOLOGY_ARGUMENTS,
        new ExecutorCommand(
                ExecutorCommand.topologyArguments(cluster, topology, plan.componentRam()))
            .shellLine());
    fields.put(AuroraField.CLUSTER, job.cluster());
    fields.put(AuroraField.ENVIRON, job.environment());
    fields.put(AuroraField.ROLE, job.role());
    fields.put(AuroraField.TOPOLOGY_NAME, job.name());
    fields.put(AuroraField.CPUS_PER_CONTAINER, Double.toString(size.cpu()));
    fields.put(AuroraField.RAM_PER_CONTAINER, Long.toString(size.ram().bytes()));
    fields.put(AuroraField.DISK_PER_CONTAINER, Long.toString(size.disk().bytes()));
    fields.put(AuroraField.NUM_CONTAINERS, Integer.toString(1 + plan.containers().size()));
    fields.put(AuroraField.TIER, job.environment().equals("prod") ? "preferred" : "preemptible");
    fields.put(
        AuroraField.CORE_PACKAGE_URI,
        uri(Key.CORE_PACKAGE_URI.text(), local.string(Key.CORE_PACKAGE_URI)));
    fields.put(AuroraField.TOPOLOGY_PACKAGE_URI, uri("the topology package", packageUri));

    Map<String, String> binds = new LinkedHashMap<>();
    fields.forEach((field, value) -> binds.put(field.name(), value));
    for (int i = 0; i < metadata.size(); i++) {
      binds.put(METADATA + (i + 1), metadata.get(i));
    }
    binds.forEach(Binds::requirePlain);
    return Collections.unmodifiableMap(binds);
  }

  /** A path becomes a URI, so that the template finds a scheme in every value. */
  private static String uri(String what, String text) {
    if (text.startsWith("/")) {
      return Path.of(text).toUri().toString();
    }
    try {
      URI uri = new URI(text);
      // The template puts it between single quotes of the shell.
      if (uri.getScheme() != null && text.indexOf('\'') < 0) {
        return text;
      }
    } catch (URISyntaxException e) {
      throw new SchedulerException(notFetchable(what, text) + ": " + e.getReason(), e);
    }
    throw new SchedulerException(
        notFetchable(what, text)
            + ": it needs a scheme (file, http, https, hdfs, s3), and no quote");
  }

  private static String notFetchable(String what, String text) {
    return what + " is '" + text + "', which a container cannot fetch";
  }

  /** Aurora's client would look for further names in such a value, and find none. */
  private static void requirePlain(String name, String value) {
    if (value.contains("{{") || value.chars().anyMatch(Character::isISOControl)) {
      throw new SchedulerException(
          "the value of "
              + name
              + " for Aurora's template must be one line without '{{': "
              + value);
    }
  }
}
