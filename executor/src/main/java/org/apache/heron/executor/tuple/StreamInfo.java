package org.apache.heron.executor.tuple;

import java.io.Serializable;
import org.apache.heron.api.generated.TopologyAPI.StreamId;
import org.apache.heron.api.tuple.Fields;

/**
 * One output stream of a component. Immutable.
 *
 * @param index its number in the topology, the same in every container
 * @param id the stream as heron-api names it
 */
public record StreamInfo(int index, String component, String stream, Fields fields, StreamId id)
    implements Serializable {

  static StreamInfo of(int index, String component, String stream, Fields fields) {
    StreamId id = StreamId.newBuilder().setId(stream).setComponentName(component).build();
    return new StreamInfo(index, component, stream, fields, id);
  }

  /** How counters name it. */
  public String path() {
    return component + "/" + stream;
  }
}
