package org.apache.heron.executor.tuple;

import java.util.ArrayList;
import java.util.List;

/**
 * A tuple as bytes: number of its stream, its roots, its values. Not thread-safe.
 *
 * <p>The source task is not repeated for every tuple: it belongs to the batch.
 */
public final class TupleCodec {

  private final StreamTable streams;
  private final ValueCodec values;
  private final Roots.Builder collected = new Roots.Builder();
  private final WireReader near = new WireReader(new byte[0], 0, 0);

  /** A codec for tuples of these streams. */
  public TupleCodec(StreamTable streams, ValueCodec values) {
    this.streams = streams;
    this.values = values;
  }

  /** Appends a tuple; {@code roots} is null if nobody waits for its acknowledgement. */
  public void write(WireWriter out, StreamInfo stream, List<Object> fields, Roots roots) {
    writeHead(out, stream, roots);
    writeValues(out, fields);
  }

  /** Appends what comes before the values. */
  void writeHead(WireWriter out, StreamInfo stream, Roots roots) {
    out.writeVarInt(stream.index());
    if (roots == null) {
      out.writeVarInt(0);
    } else {
      int count = roots.count();
      out.writeVarInt(count);
      for (int i = 0; i < count; i++) {
        out.writeVarInt(roots.spoutTask(i));
        out.writeLong(roots.rootId(i));
        out.writeLong(roots.key(i));
      }
    }
  }

  /** Appends the values one after the other. */
  void writeValues(WireWriter out, List<Object> fields) {
    for (int i = 0, size = fields.size(); i < size; i++) {
      values.write(out, fields.get(i));
    }
  }

  /**
   * Reads the next tuple.
   *
   * @throws WireException if the bytes make no sense
   */
  public TupleImpl read(WireReader in, int sourceTask) {
    int index = in.readVarInt();
    if (index < 0 || index >= streams.size()) {
      throw new WireException("tuple of stream " + index + "; there are " + streams.size());
    }
    StreamInfo stream = streams.get(index);
    int rootCount = in.readLength();
    Roots roots = null;
    collected.clear();
    for (int i = 0; i < rootCount; i++) {
      int task = in.readVarInt();
      long root = in.readLong();
      long key = in.readLong();
      if (rootCount == 1) {
        roots = Roots.of(task, root, key);
      } else {
        collected.add(task, root, key);
      }
    }
    if (rootCount > 1) {
      roots = collected.build();
    }
    return new TupleImpl(stream, sourceTask, readValues(in, stream), roots);
  }

  /**
   * The tuple itself, for its receiver.
   *
   * @throws WireException if its bytes make no sense
   */
  public TupleImpl open(NearTuple tuple) {
    if (tuple instanceof EncodedTuple encoded) {
      near.reset(encoded.values(), 0, encoded.values().length);
      return new TupleImpl(
          encoded.stream(),
          encoded.sourceTask(),
          readValues(near, encoded.stream()),
          encoded.roots());
    }
    return (TupleImpl) tuple;
  }

  private List<Object> readValues(WireReader in, StreamInfo stream) {
    int size = stream.fields().size();
    List<Object> fields = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      fields.add(values.read(in));
    }
    return fields;
  }
}
