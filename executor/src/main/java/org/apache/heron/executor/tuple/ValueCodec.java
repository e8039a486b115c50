package org.apache.heron.executor.tuple;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.api.serializer.IPluggableSerializer;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.streamlet.KeyValue;
import org.apache.heron.streamlet.KeyedWindow;
import org.apache.heron.streamlet.Window;

/**
 * The values of a tuple as bytes. Java's plain types, collections of them and the pairs that
 * streamlets are made of have a compact form of their own; everything else goes through the
 * topology's serializer, value by value. Encoding and decoding may happen on two threads, if each
 * has its own codec. Not thread-safe.
 */
public final class ValueCodec {

  private static final int NULL = 0;
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int INTEGER = 3;
  private static final int LONG = 4;
  private static final int DOUBLE = 5;
  private static final int FLOAT = 6;
  private static final int SHORT = 7;
  private static final int BYTE = 8;
  private static final int CHARACTER = 9;
  private static final int STRING = 10;
  private static final int BYTES = 11;
  private static final int ARRAY_LIST = 12;
  private static final int VALUES = 13;
  private static final int IMMUTABLE_LIST = 14;
  private static final int HASH_MAP = 15;
  private static final int LINKED_MAP = 16;
  private static final int IMMUTABLE_MAP = 17;
  private static final int HASH_SET = 18;
  private static final int LINKED_SET = 19;
  private static final int IMMUTABLE_SET = 20;
  private static final int KEY_VALUE = 21;
  private static final int KEYED_WINDOW = 22;
  private static final int SERIALIZED = 23;

  /** Deeper nesting, and lists that hold themselves, are the serializer's business. */
  private static final int MAX_DEPTH = 16;

  /** The classes behind List.of, Set.of and Map.of, which are not public. */
  private static final Class<?> LIST_12 = List.of(1).getClass();

  private static final Class<?> LIST_N = List.of(1, 2, 3).getClass();
  private static final Class<?> SET_12 = Set.of(1).getClass();
  private static final Class<?> SET_N = Set.of(1, 2, 3).getClass();
  private static final Class<?> MAP_1 = Map.of(1, 1).getClass();
  private static final Class<?> MAP_N = Map.of(1, 1, 2, 2).getClass();

  private final IPluggableSerializer serializer;

  /** A codec that gives unknown types to {@code serializer}. */
  public ValueCodec(IPluggableSerializer serializer) {
    this.serializer = serializer;
  }

  /** Appends one value. */
  public void write(WireWriter out, Object value) {
    if (value instanceof String text) {
      out.writeByte(STRING);
      out.writeString(text);
    } else if (value instanceof Integer number) {
      out.writeByte(INTEGER);
      out.writeZigZag(number);
    } else if (value instanceof Long number) {
      out.writeByte(LONG);
      out.writeZigZag(number);
    } else {
      write(out, value, 0);
    }
  }

  private void write(WireWriter out, Object value, int depth) {
    if (value == null) {
      out.writeByte(NULL);
      return;
    }
    Class<?> type = value.getClass();
    if (type == String.class) {
      out.writeByte(STRING);
      out.writeString((String) value);
    } else if (type == byte[].class) {
      out.writeByte(BYTES);
      out.writeArray((byte[]) value);
    } else if (type == Boolean.class) {
      out.writeByte((Boolean) value ? TRUE : FALSE);
    } else if (type == Character.class) {
      out.writeByte(CHARACTER);
      out.writeVarInt((Character) value);
    } else if (value instanceof Number number && writeNumber(out, type, number)) {
      return;
    } else if (depth >= MAX_DEPTH
        || !(writeCollection(out, value, type, depth) || writePair(out, value, type, depth))) {
      out.writeByte(SERIALIZED);
      out.writeArray(serializer.serialize(value));
    }
  }

  private static boolean writeNumber(WireWriter out, Class<?> type, Number number) {
    if (type == Integer.class) {
      out.writeByte(INTEGER);
      out.writeZigZag(number.intValue());
    } else if (type == Long.class) {
      out.writeByte(LONG);
      out.writeZigZag(number.longValue());
    } else if (type == Double.class) {
      out.writeByte(DOUBLE);
      out.writeLong(Double.doubleToRawLongBits(number.doubleValue()));
    } else if (type == Float.class) {
      out.writeByte(FLOAT);
      out.writeZigZag(Float.floatToRawIntBits(number.floatValue()));
    } else if (type == Short.class) {
      out.writeByte(SHORT);
      out.writeZigZag(number.shortValue());
    } else if (type == Byte.class) {
      out.writeByte(BYTE);
      out.writeByte(number.byteValue());
    } else {
      return false;
    }
    return true;
  }

  private boolean writeCollection(WireWriter out, Object value, Class<?> type, int depth) {
    if (type == ArrayList.class) {
      writeAll(out, ARRAY_LIST, (Collection<?>) value, depth);
    } else if (type == Values.class) {
      writeAll(out, VALUES, (Collection<?>) value, depth);
    } else if ((type == LIST_12 || type == LIST_N) && !holdsNull((List<?>) value)) {
      writeAll(out, IMMUTABLE_LIST, (Collection<?>) value, depth);
    } else if (type == HashSet.class) {
      writeAll(out, HASH_SET, (Collection<?>) value, depth);
    } else if (type == LinkedHashSet.class) {
      writeAll(out, LINKED_SET, (Collection<?>) value, depth);
    } else if (type == SET_12 || type == SET_N) {
      writeAll(out, IMMUTABLE_SET, (Collection<?>) value, depth);
    } else if (type == HashMap.class) {
      writeMap(out, HASH_MAP, (Map<?, ?>) value, depth);
    } else if (type == LinkedHashMap.class) {
      writeMap(out, LINKED_MAP, (Map<?, ?>) value, depth);
    } else if (type == MAP_1 || type == MAP_N) {
      writeMap(out, IMMUTABLE_MAP, (Map<?, ?>) value, depth);
    } else {
      return false;
    }
    return true;
  }

  private boolean writePair(WireWriter out, Object value, Class<?> type, int depth) {
    if (type == KeyValue.class) {
      KeyValue<?, ?> pair = (KeyValue<?, ?>) value;
      out.writeByte(KEY_VALUE);
      write(out, pair.getKey(), depth + 1);
      write(out, pair.getValue(), depth + 1);
      return true;
    }
    if (type == KeyedWindow.class && ((KeyedWindow<?>) value).getWindow() != null) {
      KeyedWindow<?> keyed = (KeyedWindow<?>) value;
      out.writeByte(KEYED_WINDOW);
      write(out, keyed.getKey(), depth + 1);
      out.writeZigZag(keyed.getWindow().getStartTime());
      out.writeZigZag(keyed.getWindow().getEndTime());
      out.writeZigZag(keyed.getWindow().getCount());
      return true;
    }
    return false;
  }

  /** Stream.toList makes lists of List.of's class that may hold nulls. */
  private static boolean holdsNull(List<?> list) {
    for (Object element : list) {
      if (element == null) {
        return true;
      }
    }
    return false;
  }

  private void writeAll(WireWriter out, int tag, Collection<?> elements, int depth) {
    out.writeByte(tag);
    out.writeVarInt(elements.size());
    for (Object element : elements) {
      write(out, element, depth + 1);
    }
  }

  private void writeMap(WireWriter out, int tag, Map<?, ?> map, int depth) {
    out.writeByte(tag);
    out.writeVarInt(map.size());
    map.forEach(
        (key, value) -> {
          write(out, key, depth + 1);
          write(out, value, depth + 1);
        });
  }

  /**
   * Reads one value.
   *
   * @throws WireException if the bytes make no sense
   */
  public Object read(WireReader in) {
    int tag = in.readByte();
    return switch (tag) {
      case STRING -> in.readString();
      case INTEGER -> (int) in.readZigZag();
      case LONG -> in.readZigZag();
      case NULL -> null;
      case TRUE -> Boolean.TRUE;
      case FALSE -> Boolean.FALSE;
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case FLOAT -> Float.intBitsToFloat((int) in.readZigZag());
      case SHORT -> (short) in.readZigZag();
      case BYTE -> (byte) in.readByte();
      case CHARACTER -> (char) in.readVarInt();
      case BYTES -> in.readArray();
      case ARRAY_LIST -> fill(in, new ArrayList<>());
      case VALUES -> fill(in, new Values());
      case IMMUTABLE_LIST -> List.copyOf(fill(in, new ArrayList<>()));
      case HASH_SET -> fill(in, new HashSet<>());
      case LINKED_SET -> fill(in, new LinkedHashSet<>());
      case IMMUTABLE_SET -> Set.copyOf(fill(in, new HashSet<>()));
      case HASH_MAP -> fillMap(in, new HashMap<>());
      case LINKED_MAP -> fillMap(in, new LinkedHashMap<>());
      case IMMUTABLE_MAP -> Map.copyOf(fillMap(in, new HashMap<>()));
      case KEY_VALUE -> new KeyValue<>(read(in), read(in));
      case KEYED_WINDOW ->
          new KeyedWindow<>(
              read(in), new Window(in.readZigZag(), in.readZigZag(), in.readZigZag()));
      case SERIALIZED -> serializer.deserialize(in.readArray());
      default -> throw new WireException("value of unknown kind " + tag);
    };
  }

  private <C extends Collection<Object>> C fill(WireReader in, C target) {
    int size = in.readLength();
    for (int i = 0; i < size; i++) {
      target.add(read(in));
    }
    return target;
  }

  private Map<Object, Object> fillMap(WireReader in, Map<Object, Object> target) {
    int size = in.readLength();
    for (int i = 0; i < size; i++) {
      Object key = read(in);
      target.put(key, read(in));
    }
    return target;
  }
}
