package org.apache.heron.client.definition;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.heron.client.ClientException;

/** Finds the java that runs a topology's main. */
public final class JavaCommand {
  private static final int WARNS_FROM = 23;
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d{1,6}).*");

  private JavaCommand() {}

  /**
   * {@code JAVA_BIN}, else {@code $JAVA_HOME/bin/java}, else java on the PATH, as upstream.
   *
   * @throws ClientException if none of them is a program
   */
  public static Path find(Map<String, String> environment) {
    String binary = environment.getOrDefault("JAVA_BIN", "");
    if (!binary.isBlank()) {
      return program(Path.of(binary), "JAVA_BIN");
    }
    String home = environment.getOrDefault("JAVA_HOME", "");
    if (!home.isBlank()) {
      return program(Path.of(home, "bin", "java"), "JAVA_HOME");
    }
    for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(directory, "java");
      if (!directory.isEmpty() && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new ClientException(
        "Unable to find java command; set JAVA_HOME, or put java on the PATH");
  }

  /**
   * Options that keep that java from warning, from release 23 on, of what protobuf in the
   * topology's API calls (JEP 471); none of a java that does not know them, or does not say what it
   * is.
   */
  static List<String> quiet(Path java) {
    try {
      Path release = java.toRealPath().resolveSibling("../release").normalize();
      return Files.readAllLines(release).stream()
              .map(VERSION::matcher)
              .anyMatch(line -> line.matches() && Integer.parseInt(line.group(1)) >= WARNS_FROM)
          ? List.of("--sun-misc-unsafe-memory-access=allow")
          : List.of();
    } catch (IOException e) {
      // A java that is put together otherwise: a warning too many is no reason to fail.
      return List.of();
    }
  }

  private static Path program(Path path, String variable) {
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new ClientException(
          "Unable to find java command: '" + path + "' (from " + variable + ") is not a program");
    }
    return path;
  }
}
