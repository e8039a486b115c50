package org.apache.heron.client.definition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.heron.client.ClientException;

/** Looks into a topology's jar before a JVM is started for it. */
final class JarContent {
  private JarContent() {}

  /**
   * @throws ClientException if the file is no jar, or surely does not have the class; names a class
   *     of the same simple name if there is one
   */
  static void requireClass(Path jar, String className) {
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.getEntry(entryOf(className)) != null || hasClassPath(file)) {
        return;
      }
      throw new ClientException(
          "Failed to create topology definition file when executing class '"
              + className
              + "' of file '"
              + jar
              + "': there is no such class in it"
              + similar(file, className).map(found -> "; did you mean " + found + "?").orElse(""));
    } catch (IOException e) {
      throw new ClientException(
          "Topology file '" + jar + "' is not a readable jar: " + e.getMessage(), e);
    }
  }

  private static boolean hasClassPath(JarFile file) throws IOException {
    Manifest manifest = file.getManifest();
    return manifest != null
        && manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) != null;
  }

  private static Optional<String> similar(JarFile file, String className) {
    String simple = "/" + className.substring(className.lastIndexOf('.') + 1) + ".class";
    return file.stream()
        .map(java.util.zip.ZipEntry::getName)
        .filter(name -> ("/" + name).endsWith(simple))
        .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
        .sorted()
        .findFirst();
  }

  private static String entryOf(String className) {
    return className.replace('.', '/') + ".class";
  }
}
