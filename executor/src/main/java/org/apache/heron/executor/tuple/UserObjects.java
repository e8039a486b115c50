package org.apache.heron.executor.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;

/**
 * Java serialization that finds the topology's classes. heron-api's own {@code Utils.deserialize}
 * looks only in the loader of heron-api, which knows nothing of the user's jar.
 */
public final class UserObjects {

  private final ClassLoader loader;

  /** Objects whose classes are found by {@code loader}. */
  public UserObjects(ClassLoader loader) {
    this.loader = loader;
  }

  /** The loader of the topology's classes. */
  public ClassLoader loader() {
    return loader;
  }

  /**
   * Reads an object.
   *
   * @param what names the bytes in the error
   * @throws IllegalArgumentException if the bytes or their classes cannot be read
   */
  public Object deserialize(byte[] bytes, String what) {
    try (ObjectInputStream in = new LoaderStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalArgumentException("cannot deserialize " + what + ": " + e, e);
    }
  }

  /**
   * Writes an object.
   *
   * @throws IllegalArgumentException if it, or something that it holds, is not serializable
   */
  public static byte[] serialize(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot serialize a " + value.getClass().getName() + ": " + e, e);
    }
    return bytes.toByteArray();
  }

  /**
   * Makes an object of a class by its public constructor without parameters.
   *
   * @param what names the setting that holds the class name, for the error
   * @throws IllegalArgumentException if there is no such class or constructor, or it throws
   */
  public <T> T instantiate(String className, Class<T> type, String what) {
    try {
      Object made = Class.forName(className, true, loader).getDeclaredConstructor().newInstance();
      return type.cast(made);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException(
          what + ": cannot make a " + type.getSimpleName() + " of " + className + ": " + e, e);
    }
  }

  private final class LoaderStream extends ObjectInputStream {

    LoaderStream(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        // primitive types, and classes that only our own loader knows
        return super.resolveClass(description);
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      Class<?>[] types = new Class<?>[interfaces.length];
      for (int i = 0; i < interfaces.length; i++) {
        types[i] = Class.forName(interfaces[i], false, loader);
      }
      return Proxy.newProxyInstance(loader, types, (proxy, method, args) -> null).getClass();
    }
  }
}
