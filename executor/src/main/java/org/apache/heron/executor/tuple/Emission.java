package org.apache.heron.executor.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of one emit, made into what each receiver gets: a list of its own with objects of its
 * own, as they are now. Upstream serializes every value at once, so emitters go on changing what
 * they have emitted, and receivers change what they get.
 *
 * <p>Near receivers share objects that nobody can change, and have copies of byte arrays. If there
 * is any other value, all of them become bytes, once for all receivers; each reads them on its own
 * thread. What cannot be serialized is refused before anybody got anything, wherever receivers are.
 * Not thread-safe.
 */
public final class Emission {

  private static final int SMALL_BYTES = 256;
  private static final int LARGEST_KEPT_BYTES = 64 * 1024;

  private final ValueCodec codec;
  private final TupleCodec tuples;
  private final WireWriter written = new WireWriter(SMALL_BYTES);

  /** Immutable classes that the serializer was seen to take. */
  private final Set<Class<?>> proven = new HashSet<>();

  private List<Object> values;
  private boolean shared;
  private boolean encoded;
  private long arrayBytes;
  private byte[] nearBytes;

  /** For the tuples of one emitter. */
  public Emission(StreamTable streams, ValueCodec codec) {
    this.codec = codec;
    tuples = new TupleCodec(streams, codec);
  }

  /**
   * Takes the values of the next tuple.
   *
   * @param farReceivers how many of the receivers are in other containers
   * @throws RuntimeException if a value cannot be serialized: what the serializer throws
   */
  public void begin(List<Object> tupleValues, int farReceivers) {
    values = tupleValues;
    arrayBytes = 0;
    nearBytes = null;
    shared = mayBeShared();
    encoded = !shared || farReceivers > 1;
    if (encoded) {
      written.reset(0);
      tuples.writeValues(written, values);
    }
  }

  private boolean mayBeShared() {
    for (int i = 0, size = values.size(); i < size; i++) {
      Object value = values.get(i);
      if (value == null) {
        continue;
      }
      Class<?> type = value.getClass();
      if (type == String.class || type == Integer.class || type == Long.class) {
        continue;
      }
      if (type == byte[].class) {
        arrayBytes += ((byte[]) value).length;
      } else if (!Immutables.plain(type) && !isProven(value)) {
        return false;
      }
    }
    return true;
  }

  /** A topology that may not emit a class to another container may not do so within one either. */
  private boolean isProven(Object value) {
    if (!Immutables.serialized(value)) {
      return false;
    }
    if (!proven.contains(value.getClass())) {
      written.reset(0);
      codec.write(written, value);
      proven.add(value.getClass());
    }
    return true;
  }

  /** The tuple for a receiver in this container; {@code roots} is null if nobody waits for it. */
  public NearTuple near(StreamInfo stream, int sourceTask, Roots roots) {
    if (shared) {
      return new TupleImpl(stream, sourceTask, copy(), roots);
    }
    if (nearBytes == null) {
      nearBytes = Arrays.copyOf(written.array(), written.position());
    }
    return new EncodedTuple(stream, sourceTask, nearBytes, roots);
  }

  private List<Object> copy() {
    int size = values.size();
    List<Object> copy = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Object value = values.get(i);
      copy.add(arrayBytes > 0 && value instanceof byte[] bytes ? bytes.clone() : value);
    }
    return copy;
  }

  /** Bytes that a near receiver's tuple holds on to, as far as they are this one's. */
  public long nearBytes() {
    return shared ? arrayBytes : written.position();
  }

  /** Appends the tuple for a receiver in another container. */
  public void write(WireWriter out, StreamInfo stream, Roots roots) {
    tuples.writeHead(out, stream, roots);
    if (encoded) {
      out.writeBytes(written.array(), 0, written.position());
    } else {
      tuples.writeValues(out, values);
    }
  }

  /** Lets go of the values: everybody has them. */
  public void end() {
    values = null;
    nearBytes = null;
    if (written.array().length > LARGEST_KEPT_BYTES) {
      written.detach(SMALL_BYTES);
    }
  }
}
