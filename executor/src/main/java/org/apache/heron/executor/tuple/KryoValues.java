package org.apache.heron.executor.tuple;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.api.Config;
import org.apache.heron.api.serializer.DefaultKryoFactory;
import org.apache.heron.api.serializer.IKryoDecorator;
import org.apache.heron.api.serializer.IKryoFactory;
import org.apache.heron.api.serializer.IPluggableSerializer;
import org.apache.heron.api.tuple.Values;

/**
 * Kryo with the topology's registrations, as heron-api's {@code KryoSerializer}, but finding the
 * user's classes in the user's loader. Not thread-safe.
 */
final class KryoValues implements IPluggableSerializer {

  private static final int INITIAL_BUFFER = 2000;

  private final Map<String, Object> config;
  private final UserObjects objects;
  private Kryo kryo;
  private Output out;
  private Input in;

  KryoValues(Map<String, Object> config, UserObjects objects) {
    this.config = config;
    this.objects = objects;
  }

  @Override
  public void initialize(Map<String, Object> ignored) {}

  @Override
  public byte[] serialize(Object value) {
    Kryo made = kryo();
    out.reset();
    made.writeClassAndObject(out, value);
    return out.toBytes();
  }

  @Override
  public Object deserialize(byte[] bytes) {
    Kryo made = kryo();
    in.setBuffer(bytes);
    return made.readClassAndObject(in);
  }

  private Kryo kryo() {
    if (kryo == null) {
      out = new Output(INITIAL_BUFFER, -1);
      in = new Input(1);
      kryo = create();
    }
    return kryo;
  }

  private Kryo create() {
    IKryoFactory factory = factory();
    Kryo made = factory.getKryo(config);
    made.setClassLoader(objects.loader());
    made.register(byte[].class);
    made.register(ArrayList.class);
    made.register(HashMap.class);
    made.register(HashSet.class);
    made.register(Values.class);
    factory.preRegister(made, config);
    boolean skipMissing = flag(Config.TOPOLOGY_SKIP_MISSING_KRYO_REGISTRATIONS, false);
    registrations().forEach((type, serializer) -> register(made, type, serializer, skipMissing));
    factory.postRegister(made, config);
    decorate(made, skipMissing);
    factory.postDecorate(made, config);
    return made;
  }

  private IKryoFactory factory() {
    Object name = config.get(Config.TOPOLOGY_KRYO_FACTORY);
    if (name == null || name.equals(DefaultKryoFactory.class.getName())) {
      return new FallbackFactory(
          objects, flag(Config.TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION, true));
    }
    return objects.instantiate(name.toString(), IKryoFactory.class, Config.TOPOLOGY_KRYO_FACTORY);
  }

  private boolean flag(String key, boolean fallback) {
    Object value = config.get(key);
    return value == null ? fallback : Boolean.parseBoolean(value.toString());
  }

  /** Class name to serializer name (null: Kryo's choice), sorted, so that all JVMs agree on ids. */
  private Map<String, String> registrations() {
    Map<String, String> found = new TreeMap<>();
    if (config.get(Config.TOPOLOGY_KRYO_REGISTER) instanceof Iterable<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> pairs) {
          pairs.forEach((type, serializer) -> found.put(type.toString(), (String) serializer));
        } else {
          found.put(entry.toString(), null);
        }
      }
    }
    return found;
  }

  private void register(Kryo made, String typeName, String serializerName, boolean skipMissing) {
    try {
      Class<?> type = Class.forName(typeName, true, objects.loader());
      if (serializerName == null) {
        made.register(type);
      } else {
        Class<?> serializer = Class.forName(serializerName, true, objects.loader());
        made.register(type, serializer(made, type, serializer.asSubclass(Serializer.class)));
      }
    } catch (ReflectiveOperationException | ClassCastException e) {
      if (!skipMissing) {
        throw new KryoException(
            Config.TOPOLOGY_KRYO_REGISTER + ": cannot register " + typeName + ": " + e, e);
      }
    }
  }

  /** By the first constructor there is: (Kryo, Class), (Kryo), (Class), (). */
  private static Serializer<?> serializer(
      Kryo made, Class<?> type, @SuppressWarnings("rawtypes") Class<? extends Serializer> of)
      throws ReflectiveOperationException {
    List<List<Object>> candidates =
        List.of(List.of(made, type), List.of(made), List.of(type), List.of());
    for (List<Object> arguments : candidates) {
      for (Constructor<?> constructor : of.getConstructors()) {
        if (accepts(constructor, arguments)) {
          return (Serializer<?>) constructor.newInstance(arguments.toArray());
        }
      }
    }
    throw new NoSuchMethodException(of.getName() + " has no constructor that fits");
  }

  private static boolean accepts(Constructor<?> constructor, List<Object> arguments) {
    Class<?>[] types = constructor.getParameterTypes();
    if (types.length != arguments.size()) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      if (!types[i].isInstance(arguments.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void decorate(Kryo made, boolean skipMissing) {
    if (config.get(Config.TOPOLOGY_KRYO_DECORATORS) instanceof Iterable<?> names) {
      for (Object name : names) {
        try {
          objects
              .instantiate(name.toString(), IKryoDecorator.class, Config.TOPOLOGY_KRYO_DECORATORS)
              .decorate(made);
        } catch (IllegalArgumentException e) {
          if (!skipMissing) {
            throw e;
          }
        }
      }
    }
  }

  /**
   * heron-api's default, whose classes without registration go through Java serialization, but with
   * the user's loader. Upstream requires registration when the fall-back is asked for; here it is
   * required when the fall-back is refused, which is what the setting's name says.
   */
  private record FallbackFactory(UserObjects objects, boolean fallBack) implements IKryoFactory {

    @Override
    public Kryo getKryo(@SuppressWarnings("rawtypes") Map config) {
      FallbackKryo made = new FallbackKryo(objects);
      made.setRegistrationRequired(!fallBack);
      made.setReferences(false);
      return made;
    }

    @Override
    public void preRegister(Kryo made, @SuppressWarnings("rawtypes") Map config) {}

    @Override
    public void postRegister(Kryo made, @SuppressWarnings("rawtypes") Map config) {
      ((FallbackKryo) made).registered = true;
    }

    @Override
    public void postDecorate(Kryo made, @SuppressWarnings("rawtypes") Map config) {}
  }

  private static final class FallbackKryo extends Kryo {

    private final JavaSerialized serialized;
    private boolean registered;

    FallbackKryo(UserObjects objects) {
      serialized = new JavaSerialized(objects);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Serializer getDefaultSerializer(Class type) {
      return registered ? serialized : super.getDefaultSerializer(type);
    }
  }

  private static final class JavaSerialized extends Serializer<Object> {

    private final UserObjects objects;

    JavaSerialized(UserObjects objects) {
      this.objects = objects;
    }

    @Override
    public void write(Kryo made, Output output, Object value) {
      byte[] bytes = UserObjects.serialize(value);
      output.writeInt(bytes.length, true);
      output.writeBytes(bytes);
    }

    @Override
    public Object read(Kryo made, Input input, Class<? extends Object> type) {
      return objects.deserialize(input.readBytes(input.readInt(true)), type.getName());
    }
  }
}
