package org.apache.heron.executor.tuple;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.api.Constants;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * All output streams of a topology, numbered in the order of its definition: spouts first, then
 * bolts. Containers of one topology therefore agree on the numbers. Immutable.
 */
public final class StreamTable {

  private final List<StreamInfo> streams = new ArrayList<>();
  private final Map<String, Map<String, StreamInfo>> byComponent = new LinkedHashMap<>();
  private final StreamInfo tick;

  /** Reads the streams of the definition. */
  public StreamTable(Topology topology) {
    for (TopologyAPI.Spout spout : topology.getSpoutsList()) {
      add(spout.getComp().getName(), spout.getOutputsList());
    }
    for (TopologyAPI.Bolt bolt : topology.getBoltsList()) {
      add(bolt.getComp().getName(), bolt.getOutputsList());
    }
    tick =
        StreamInfo.of(
            streams.size(),
            Constants.SYSTEM_COMPONENT_ID,
            Constants.SYSTEM_TICK_STREAM_ID,
            new Fields());
  }

  private void add(String component, List<OutputStream> outputs) {
    Map<String, StreamInfo> own = new LinkedHashMap<>();
    for (OutputStream output : outputs) {
      List<String> names =
          output.getSchema().getKeysList().stream()
              .map(TopologyAPI.StreamSchema.KeyType::getKey)
              .toList();
      StreamInfo info =
          StreamInfo.of(streams.size(), component, output.getStream().getId(), new Fields(names));
      streams.add(info);
      own.put(info.stream(), info);
    }
    byComponent.put(component, own);
  }

  /** The stream of that number; the tick stream's number is {@link #size}. */
  public StreamInfo get(int index) {
    return index == streams.size() ? tick : streams.get(index);
  }

  /** How many streams components declare. */
  public int size() {
    return streams.size();
  }

  /** The stream on which tick tuples come. */
  public StreamInfo tick() {
    return tick;
  }

  /** A component's output stream. */
  public Optional<StreamInfo> find(String component, String stream) {
    return Optional.ofNullable(outputsOf(component).get(stream));
  }

  /** A component's output streams by name; empty if there is no such component. */
  public Map<String, StreamInfo> outputsOf(String component) {
    return byComponent.getOrDefault(component, Map.of());
  }
}
