package org.apache.heron.scheduler.nomad.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is written with each job so that later commands, which know nothing but shared state, find
 * it and can add more of its kind. The first three names are upstream's.
 */
public final class JobMeta {
  private static final String TOPOLOGY = "topology.name";
  private static final String TOPOLOGY_ID = "topology.id";
  private static final String CONTAINER = "container.index";
  private static final String PACKAGE = "heron.package.topology.uri";
  private static final String BINARY = "heron.topology.binary.file";
  private static final String BINARY_TYPE = "heron.topology.package.type";
  private static final String CORE = "heron.package.core.uri";

  private JobMeta() {}

  static Map<String, String> of(String topology, String topologyId, int container, Packages from) {
    Map<String, String> meta = new LinkedHashMap<>();
    meta.put(TOPOLOGY, topology);
    meta.put(TOPOLOGY_ID, topologyId);
    meta.put(CONTAINER, Integer.toString(container));
    meta.put(PACKAGE, from.topology());
    meta.put(BINARY, from.binary());
    meta.put(BINARY_TYPE, from.binaryType());
    meta.put(CORE, from.core());
    return meta;
  }

  /**
   * True if it is a job of that topology.
   *
   * @param topologyId empty if it is not known which of the submissions of that name
   */
  public static boolean isOf(Map<String, String> meta, String topology, String topologyId) {
    return topology.equals(meta.get(TOPOLOGY))
        && (topologyId.isEmpty() || topologyId.equals(meta.get(TOPOLOGY_ID)));
  }

  /**
   * The container's id. Upstream does not write it for container 0, but ends each job's id with it.
   */
  public static OptionalInt container(Map<String, String> meta, String jobId) {
    String text = meta.getOrDefault(CONTAINER, jobId.substring(jobId.lastIndexOf('-') + 1));
    return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  /** What its container was made of; empty for a job that upstream has registered. */
  public static Optional<Packages> packages(Map<String, String> meta) {
    return meta.containsKey(PACKAGE) && meta.containsKey(BINARY)
        ? Optional.of(
            new Packages(
                meta.get(PACKAGE),
                meta.get(BINARY),
                meta.getOrDefault(BINARY_TYPE, ""),
                meta.getOrDefault(CORE, "")))
        : Optional.empty();
  }
}
