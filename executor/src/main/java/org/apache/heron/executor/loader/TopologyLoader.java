package org.apache.heron.executor.loader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a topology's classes: its own jars first, then heron-api and kryo with what those bring.
 * The packages that are shared with us come from heron-api and kryo even if the topology bundles
 * them too. The parent is the JDK's platform loader: nothing of our libraries can be seen.
 * Thread-safe.
 */
public final class TopologyLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final URLClassLoader api;

  /**
   * @param own the topology's class path, in order
   * @param api heron-api and kryo with their dependencies
   */
  public TopologyLoader(List<Path> own, List<Path> api) {
    super("topology", urls(own, api), ClassLoader.getPlatformClassLoader());
    this.api = new URLClassLoader(urls(api, List.of()), null);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (SharedPackages.contains(name)) {
      URL url = api.findResource(name.replace('.', '/') + ".class");
      if (url == null) {
        throw new ClassNotFoundException(
            name + " is not in heron-core's lib/instance; a topology cannot bring it itself");
      }
      return define(name, url);
    }
    return super.findClass(name);
  }

  private Class<?> define(String name, URL url) throws ClassNotFoundException {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      byte[] bytes;
      try (InputStream in = connection.getInputStream()) {
        bytes = in.readAllBytes();
      }
      URL jar =
          connection instanceof JarURLConnection jarConnection
              ? jarConnection.getJarFileURL()
              : url;
      return defineClass(
          name,
          bytes,
          0,
          bytes.length,
          new ProtectionDomain(new CodeSource(jar, (Certificate[]) null), null, this, null));
    } catch (IOException e) {
      throw new ClassNotFoundException("cannot read " + url + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try (api) {
      super.close();
    }
  }

  static URL[] urls(List<Path> first, List<Path> second) {
    List<URL> urls = new ArrayList<>();
    for (List<Path> paths : List.of(first, second)) {
      for (Path path : paths) {
        try {
          urls.add(path.toUri().toURL());
        } catch (MalformedURLException e) {
          throw new UncheckedIOException("no URL can be made of " + path, e);
        }
      }
    }
    return urls.toArray(URL[]::new);
  }
}
