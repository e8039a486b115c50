package org.apache.heron.spi.topology;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * A topology definition ({@code <name>.defn}); immutable.
 *
 * @param topology the whole message, with the serialized spouts and bolts
 */
public record TopologyDefinition(Topology topology) {

  /**
   * Reads a file.
   *
   * @throws TopologyException if it cannot be read or is not a whole definition
   */
  public static TopologyDefinition read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new TopologyDefinition(Topology.parseFrom(in));
    } catch (IOException e) {
      // Also what protobuf throws for bytes that are no Topology or lack a required field.
      throw new TopologyException(
          "Cannot load topology definition '" + file + "': " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "no such file" : e.getMessage();
  }

  /** The typed settings. */
  public TopologyConfig config() {
    return TopologyConfig.of(topology);
  }

  /**
   * Checks what can be known without running it.
   *
   * @throws TopologyException naming the first thing that is wrong
   */
  public void validate() {
    validateName(topology.getName());
    if (topology.getId().isEmpty()) {
      throw new TopologyException("Topology '" + topology.getName() + "' has an empty id");
    }
    if (topology.getSpoutsCount() == 0) {
      throw new TopologyException("Topology '" + topology.getName() + "' has no spout");
    }
    validateComponentNames();
    validateInputs();
    TopologyConfig config = config();
    config.parallelism();
    config.stmgrs();
    config.componentRam();
    config.componentCpu();
    config.componentDisk();
    config.reliabilityMode();
  }

  /**
   * Checks a name that becomes a node in the shared state, a directory and a file name.
   *
   * @throws TopologyException if it cannot be one
   */
  public static void validateName(String name) {
    if (name.isBlank()) {
      throw new TopologyException("The topology's name is empty");
    }
    boolean unusable =
        name.chars().anyMatch(c -> c == '.' || c == '/' || Character.isISOControl(c));
    if (unusable) {
      throw new TopologyException(
          "Topology name '" + name + "' must not contain a dot, a slash or control characters");
    }
  }

  private void validateComponentNames() {
    Set<String> seen = new HashSet<>();
    topology.getSpoutsList().forEach(spout -> validateComponent(spout.getComp().getName(), seen));
    topology.getBoltsList().forEach(bolt -> validateComponent(bolt.getComp().getName(), seen));
  }

  private void validateComponent(String name, Set<String> seen) {
    if (name.isBlank() || name.contains("/") || !seen.add(name)) {
      throw new TopologyException(
          "Component name '"
              + name
              + "' in topology '"
              + topology.getName()
              + "' is empty, has a slash, or is used twice");
    }
  }

  private void validateInputs() {
    Set<StreamId> outputs = new HashSet<>();
    topology.getSpoutsList().forEach(spout -> add(spout.getOutputsList(), outputs));
    topology.getBoltsList().forEach(bolt -> add(bolt.getOutputsList(), outputs));
    for (Bolt bolt : topology.getBoltsList()) {
      for (var input : bolt.getInputsList()) {
        if (!outputs.contains(input.getStream())) {
          throw new TopologyException(
              "Bolt '"
                  + bolt.getComp().getName()
                  + "' reads stream '"
                  + input.getStream().getId()
                  + "' of component '"
                  + input.getStream().getComponentName()
                  + "', which nothing in topology '"
                  + topology.getName()
                  + "' declares");
        }
      }
    }
  }

  private static void add(List<OutputStream> streams, Set<StreamId> outputs) {
    streams.forEach(stream -> outputs.add(stream.getStream()));
  }

  /** The copy that shared state holds: without the serialized spouts and bolts. */
  public Topology trimmed() {
    Topology.Builder copy = topology.toBuilder();
    copy.getSpoutsBuilderList().forEach(spout -> spout.getCompBuilder().clearSerializedObject());
    copy.getBoltsBuilderList().forEach(bolt -> bolt.getCompBuilder().clearSerializedObject());
    return copy.build();
  }

  /** This definition with {@code topology.stmgrs} replaced (or added, when it is not there). */
  public TopologyDefinition withContainers(int containers) {
    return with(TopologyConfig.STMGRS, String.valueOf(containers));
  }

  /** This definition with a topology-wide value replaced (or added, when it is not there). */
  public TopologyDefinition with(String key, String value) {
    Config.Builder config = topology.getTopologyConfig().toBuilder();
    boolean replaced = false;
    for (Config.KeyValue.Builder pair : config.getKvsBuilderList()) {
      if (pair.getKey().equals(key)) {
        pair.setValue(value);
        replaced = true;
      }
    }
    if (!replaced) {
      config.addKvsBuilder().setKey(key).setValue(value);
    }
    return new TopologyDefinition(topology.toBuilder().setTopologyConfig(config).build());
  }

  /** This definition with other numbers of instances; components not named keep theirs. */
  public TopologyDefinition withParallelism(Map<String, Integer> parallelism) {
    Topology.Builder copy = topology.toBuilder();
    copy.getSpoutsBuilderList().forEach(s -> setParallelism(s.getCompBuilder(), parallelism));
    copy.getBoltsBuilderList().forEach(b -> setParallelism(b.getCompBuilder(), parallelism));
    return new TopologyDefinition(copy.build());
  }

  private static void setParallelism(
      Component.Builder component, Map<String, Integer> parallelism) {
    Integer instances = parallelism.get(component.getName());
    if (instances == null) {
      return;
    }
    for (Config.KeyValue.Builder pair : component.getConfigBuilder().getKvsBuilderList()) {
      if (pair.getKey().equals(TopologyConfig.PARALLELISM)) {
        pair.setValue(instances.toString());
      }
    }
  }
}
