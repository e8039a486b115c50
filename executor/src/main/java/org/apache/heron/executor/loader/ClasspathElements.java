package org.apache.heron.executor.loader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Expands class paths as {@code java -cp} does. */
public final class ClasspathElements {
  private ClasspathElements() {}

  /**
   * The files of a class path.
   *
   * @param classpath elements joined by a colon; {@code dir/*} stands for the jars of a directory
   * @param directory what relative elements start from
   * @return those that exist, in order; the jars of one directory sorted by name
   */
  public static List<Path> expand(String classpath, Path directory) {
    List<Path> files = new ArrayList<>();
    for (String element : classpath.split(":")) {
      if (element.isBlank()) {
        continue;
      }
      if (element.equals("*") || element.endsWith("/*")) {
        files.addAll(
            jarsIn(directory.resolve(element.substring(0, Math.max(0, element.length() - 2)))));
      } else if (Files.exists(directory.resolve(element))) {
        files.add(directory.resolve(element));
      }
    }
    return files;
  }

  /** The jars directly in a directory, sorted by name; none if there is no such directory. */
  public static List<Path> jarsIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.toString().toLowerCase(Locale.ROOT).endsWith(".jar"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory, e);
    }
  }
}
