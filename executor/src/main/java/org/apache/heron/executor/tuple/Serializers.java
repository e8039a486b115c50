package org.apache.heron.executor.tuple;

import java.util.Map;
import java.util.Set;
import org.apache.heron.api.Config;
import org.apache.heron.api.serializer.IPluggableSerializer;

/** Chooses the serializer for values that have no built-in form. */
public final class Serializers {

  private static final Set<String> KRYO_NAMES =
      Set.of(
          Config.HERON_KRYO_SERIALIZER_CLASS_NAME,
          "org.apache.heron.streamlet.impl.KryoSerializer",
          "com.twitter.heron.api.serializer.KryoSerializer");

  private static final Set<String> JAVA_NAMES =
      Set.of(
          Config.HERON_JAVA_SERIALIZER_CLASS_NAME,
          "com.twitter.heron.api.serializer.JavaSerializer");

  private Serializers() {}

  /**
   * The serializer of {@code topology.serializer.classname}; Kryo if there is none, as upstream.
   * heron-api's own two are replaced by ones that find the user's classes. Kryo is made on first
   * use: most topologies never need it.
   */
  public static IPluggableSerializer forTopology(Map<String, Object> config, UserObjects objects) {
    Object name = config.get(Config.TOPOLOGY_SERIALIZER_CLASSNAME);
    if (name == null || KRYO_NAMES.contains(name.toString())) {
      return new KryoValues(config, objects);
    }
    if (JAVA_NAMES.contains(name.toString())) {
      return new JavaValues(objects);
    }
    IPluggableSerializer own =
        objects.instantiate(
            name.toString(), IPluggableSerializer.class, Config.TOPOLOGY_SERIALIZER_CLASSNAME);
    own.initialize(config);
    return own;
  }

  private record JavaValues(UserObjects objects) implements IPluggableSerializer {

    @Override
    public void initialize(Map<String, Object> config) {}

    @Override
    public byte[] serialize(Object value) {
      return UserObjects.serialize(value);
    }

    @Override
    public Object deserialize(byte[] bytes) {
      return objects.deserialize(bytes, "a tuple's value");
    }
  }
}
