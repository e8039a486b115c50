package org.apache.heron.client.plugin;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/**
 * Where uploaders are that are not on the command's class path: the elements of {@code
 * heron.classpath.uploader} (upstream's {@code lib/uploader/*}, where users put their own) and, for
 * each {@code directory/*}, the directory below it that is named as the last part of the class's
 * package. So commands that upload nothing, or elsewhere, never see the libraries of S3 or ssh.
 */
final class UploaderClassPath {
  private UploaderClassPath() {}

  /** A class loader for the configured uploader; empty if the command's own has it. */
  static Optional<ClassLoader> of(Config config, ClassLoader parent) {
    String className = config.string(Key.UPLOADER_CLASS);
    if (parent.getResource(className.replace('.', '/') + ".class") != null) {
      return Optional.empty();
    }
    List<URL> urls = new ArrayList<>();
    for (String element : config.string(Key.UPLOADER_CLASSPATH).split(":")) {
      boolean jars = element.endsWith("*");
      Path path = Path.of(jars ? element.substring(0, element.length() - 1) : element);
      if (Files.exists(path)) {
        Plugins.add(urls, path, jars);
      }
      Path room = path.resolve(room(className));
      if (jars && Files.isDirectory(room)) {
        Plugins.add(urls, room, true);
      }
    }
    // Lives as long as the command: the uploader loads classes until the end.
    return urls.isEmpty()
        ? Optional.empty()
        : Optional.of(new URLClassLoader(urls.toArray(new URL[0]), parent));
  }

  private static String room(String className) {
    String[] parts = className.split("\\.");
    return parts.length < 2 ? "" : parts[parts.length - 2];
  }
}
