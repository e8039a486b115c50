package org.apache.heron.executor.loader;

import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Loads our own libraries. heron-api and kryo come from the topology's loader once {@link #attach}
 * has set it, this package's classes from the loader that made this one, everything else from the
 * given jars and the JDK. Thread-safe.
 */
public final class CoreLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final String THIS_PACKAGE = CoreLoader.class.getPackageName() + ".";

  private volatile ClassLoader topology;

  public CoreLoader(List<Path> jars) {
    super("core", TopologyLoader.urls(jars, List.of()), ClassLoader.getPlatformClassLoader());
  }

  /**
   * Sets where heron-api and kryo come from, before any class that needs them is loaded.
   *
   * @throws IllegalStateException if that was done before
   */
  public synchronized void attach(ClassLoader topologyLoader) {
    if (topology != null) {
      throw new IllegalStateException("the topology's loader is set already");
    }
    topology = Objects.requireNonNull(topologyLoader);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith(THIS_PACKAGE)) {
      return CoreLoader.class.getClassLoader().loadClass(name);
    }
    if (SharedPackages.contains(name)) {
      if (topology == null) {
        throw new ClassNotFoundException(name + " was needed before the topology's loader was set");
      }
      return topology.loadClass(name);
    }
    return super.findClass(name);
  }
}
