package org.apache.heron.client.definition;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.client.ClientException;

/** Finds the java that runs a topology's main. */
public final class JavaCommand {
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

  private static Path program(Path path, String variable) {
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new ClientException(
          "Unable to find java command: '" + path + "' (from " + variable + ") is not a program");
    }
    return path;
  }
}
