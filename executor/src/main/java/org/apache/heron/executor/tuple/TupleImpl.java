package org.apache.heron.executor.tuple;

import java.util.List;
import org.apache.heron.api.generated.TopologyAPI.StreamId;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;

/**
 * A tuple on its way through a bolt, whose own its values are: see {@link Emission}. Not
 * thread-safe, but for what the emitting collector guards: the marks of acking.
 */
public final class TupleImpl implements Tuple, NearTuple {

  private static final long serialVersionUID = 1L;

  private final StreamInfo stream;
  private final int sourceTask;
  private List<Object> values;
  private final Roots roots;

  /** XOR of the keys of all tuples emitted with this one as anchor. */
  private transient long children;

  private transient boolean settled;
  private transient long startNanos;

  /** A tuple as received; {@code roots} is null if nobody waits for its acknowledgement. */
  public TupleImpl(StreamInfo stream, int sourceTask, List<Object> values, Roots roots) {
    this.stream = stream;
    this.sourceTask = sourceTask;
    this.values = values;
    this.roots = roots;
  }

  /** The spouts' tuples from which this one stems, or null. */
  public Roots roots() {
    return roots;
  }

  /** The stream it came on. */
  public StreamInfo stream() {
    return stream;
  }

  /** Notes the key of a tuple anchored to this one. */
  public void addChild(long key) {
    children ^= key;
  }

  /** XOR of the keys of all tuples anchored to this one so far. */
  public long children() {
    return children;
  }

  /** Marks it acked or failed; false if it was already, in which case nothing may be sent. */
  public boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  /** When execution began, as System.nanoTime; 0 if that is not sampled. */
  public long startNanos() {
    return startNanos;
  }

  /** Notes when execution began. */
  public void startedAt(long nanos) {
    startNanos = nanos;
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public int fieldIndex(String field) {
    return stream.fields().fieldIndex(field);
  }

  @Override
  public boolean contains(String field) {
    return stream.fields().contains(field);
  }

  @Override
  public Object getValue(int i) {
    return values.get(i);
  }

  @Override
  public String getString(int i) {
    return (String) values.get(i);
  }

  @Override
  public Integer getInteger(int i) {
    return (Integer) values.get(i);
  }

  @Override
  public Long getLong(int i) {
    return (Long) values.get(i);
  }

  @Override
  public Boolean getBoolean(int i) {
    return (Boolean) values.get(i);
  }

  @Override
  public Short getShort(int i) {
    return (Short) values.get(i);
  }

  @Override
  public Byte getByte(int i) {
    return (Byte) values.get(i);
  }

  @Override
  public Double getDouble(int i) {
    return (Double) values.get(i);
  }

  @Override
  public Float getFloat(int i) {
    return (Float) values.get(i);
  }

  @Override
  public byte[] getBinary(int i) {
    return (byte[]) values.get(i);
  }

  @Override
  public Object getValueByField(String field) {
    return values.get(fieldIndex(field));
  }

  @Override
  public String getStringByField(String field) {
    return getString(fieldIndex(field));
  }

  @Override
  public Integer getIntegerByField(String field) {
    return getInteger(fieldIndex(field));
  }

  @Override
  public Long getLongByField(String field) {
    return getLong(fieldIndex(field));
  }

  @Override
  public Boolean getBooleanByField(String field) {
    return getBoolean(fieldIndex(field));
  }

  @Override
  public Short getShortByField(String field) {
    return getShort(fieldIndex(field));
  }

  @Override
  public Byte getByteByField(String field) {
    return getByte(fieldIndex(field));
  }

  @Override
  public Double getDoubleByField(String field) {
    return getDouble(fieldIndex(field));
  }

  @Override
  public Float getFloatByField(String field) {
    return getFloat(fieldIndex(field));
  }

  @Override
  public byte[] getBinaryByField(String field) {
    return getBinary(fieldIndex(field));
  }

  @Override
  public List<Object> getValues() {
    return values;
  }

  @Override
  public Fields getFields() {
    return stream.fields();
  }

  @Override
  public List<Object> select(Fields selector) {
    return stream.fields().select(selector, values);
  }

  @Override
  public StreamId getSourceGlobalStreamId() {
    return stream.id();
  }

  @Override
  public String getSourceComponent() {
    return stream.component();
  }

  @Override
  public int getSourceTask() {
    return sourceTask;
  }

  @Override
  public String getSourceStreamId() {
    return stream.stream();
  }

  @Override
  public void resetValues() {
    values = null;
  }

  @Override
  public String toString() {
    return "source: " + stream.path() + ":" + sourceTask + ", values: " + values;
  }
}
