package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.heron.framework.storage.Nodes.Node;
import org.apache.heron.framework.storage.Nodes.Unavailable;

/**
 * Reads the records of one topology's framework, and writes nothing. What is written meanwhile may
 * be seen in part: records are each whole, but of different moments.
 */
final class RecordReader {
  private final Nodes nodes;
  private final String base;

  RecordReader(Nodes nodes, String base) {
    this.nodes = nodes;
    this.base = base;
  }

  /** What is on record; empty if nothing is, not even an empty node. */
  Optional<Snapshot> read() throws Unavailable {
    Optional<Node> top = nodes.read(base);
    if (top.isEmpty()) {
      return Optional.empty();
    }
    List<String> children = nodes.children(base).orElse(List.of());
    ByteString data = top.get().data();
    return Optional.of(
        new Snapshot(
            epoch(children).orElse(0),
            data.isEmpty() ? Optional.empty() : Optional.of(RecordFormat.framework(base, data)),
            containers(children)));
  }

  private OptionalLong epoch(List<String> children) throws Unavailable {
    OptionalLong latest = OptionalLong.empty();
    for (String child : children) {
      if (child.startsWith(Fence.EPOCH)) {
        String path = base + "/" + child;
        Optional<Node> node = nodes.read(path);
        if (node.isPresent()) {
          long number = RecordFormat.epoch(path, node.get().data()).number();
          latest = OptionalLong.of(Math.max(number, latest.orElse(0)));
        }
      }
    }
    return latest;
  }

  /**
   * The records among these children.
   *
   * @throws StorageException.Unreadable if one cannot be read, or is not what its node's name says
   */
  SortedMap<Integer, ContainerRecord> containers(List<String> children) throws Unavailable {
    Map<String, Integer> wanted = new HashMap<>();
    for (String child : children) {
      if (child.startsWith(Fence.CONTAINER)) {
        wanted.put(base + "/" + child, containerId(child));
      }
    }
    SortedMap<Integer, ContainerRecord> containers = new TreeMap<>();
    nodes
        .readAll(List.copyOf(wanted.keySet()))
        .forEach(
            (path, data) -> {
              ContainerRecord record = RecordFormat.container(path, data);
              if (record.containerId() != wanted.get(path)) {
                throw new StorageException.Unreadable(
                    path + " holds the record of container " + record.containerId(), null);
              }
              containers.put(record.containerId(), record);
            });
    return containers;
  }

  private int containerId(String child) {
    try {
      return Integer.parseInt(child.substring(Fence.CONTAINER.length()));
    } catch (NumberFormatException e) {
      throw new StorageException.Unreadable(
          base + "/" + child + " is not named for a container's number: remove that node", e);
    }
  }
}
