package org.apache.heron.executor.grouping;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.executor.tuple.UserObjects;

/**
 * A hash of values that is the same in every JVM. Strings, numbers, booleans and everything else
 * whose class defines {@code hashCode} use it; enums hash by name, arrays and collections by
 * content, and objects with the identity hash of {@code Object} by their serialized bytes.
 *
 * <p>A class whose own {@code hashCode} mixes in identity hashes (an enum's, say) is not stable and
 * must not be grouped by: convert it to a string first.
 */
final class FieldsHash {

  private static final ClassValue<Boolean> OWN_HASH =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.getMethod("hashCode").getDeclaringClass() != Object.class;
          } catch (NoSuchMethodException e) {
            throw new AssertionError("every class has hashCode", e);
          }
        }
      };

  private FieldsHash() {}

  /** Hash of the values of these fields. */
  static int of(List<Object> values, int[] fields) {
    if (fields.length == 1) {
      return spread(hash(values.get(fields[0])));
    }
    int result = 1;
    for (int field : fields) {
      result = 31 * result + hash(values.get(field));
    }
    return spread(result);
  }

  /** One of {@code size} places for a hash. */
  static int place(int hash, int size) {
    return (int) (((hash & 0xFFFFFFFFL) * size) >>> 32);
  }

  /** All bits depend on all bits: {@link #place} uses the upper ones. */
  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    mixed ^= mixed >>> 16;
    mixed *= 0x85EBCA6B;
    return mixed ^ (mixed >>> 13);
  }

  private static int hash(Object value) {
    if (value instanceof String || value instanceof Integer || value instanceof Long) {
      return value.hashCode();
    }
    if (value == null) {
      return 0;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().hashCode();
    }
    if (value.getClass().isArray()) {
      return hashArray(value);
    }
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      return hashElements(value);
    }
    if (OWN_HASH.get(value.getClass())) {
      return value.hashCode();
    }
    return hashArray(UserObjects.serialize(value));
  }

  private static int hashArray(Object array) {
    int result = 1;
    for (int i = 0; i < Array.getLength(array); i++) {
      result = 31 * result + hash(Array.get(array, i));
    }
    return result;
  }

  private static int hashElements(Object value) {
    int result = 1;
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        result += hash(entry.getKey()) ^ Integer.rotateLeft(hash(entry.getValue()), 7);
      }
    } else if (value instanceof Set<?> set) {
      for (Object element : set) {
        result += hash(element);
      }
    } else {
      for (Object element : (Collection<?>) value) {
        result = 31 * result + hash(element);
      }
    }
    return result;
  }
}
