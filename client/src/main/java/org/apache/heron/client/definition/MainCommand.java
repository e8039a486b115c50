package org.apache.heron.client.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.client.ClientException;

/** Decides which program makes the definitions. */
final class MainCommand {
  private MainCommand() {}

  /**
   * The program and its arguments; extracts a tar archive first.
   *
   * @param work the temporary directory
   */
  static List<String> of(MainRequest request, Path work, Map<String, String> environment) {
    return switch (request.file().type()) {
      case JAR -> {
        JarContent.requireClass(request.file().path(), request.className());
        yield java(request, environment, request.file().path().toAbsolutePath().toString());
      }
      case TAR -> java(request, environment, tarClassPath(request, work));
      case PEX -> pex(request);
      case SO, DYLIB -> program(request, Path.of(request.className()));
    };
  }

  private static String tarClassPath(MainRequest request, Path work) {
    Path directory = work.resolve("extracted");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new ClientException("Cannot create directory '" + directory + "': " + e, e);
    }
    TarExtractor.extract(request.file().path(), request.file().compressed(), directory);
    String own = directory.resolve(request.file().baseName()) + ".jar";
    return own + ":" + directory + "/*:" + directory + "/libs/*";
  }

  /** The API comes after the topology's own jars: it is there for jars that leave it out. */
  private static List<String> java(
      MainRequest request, Map<String, String> environment, String topologyClassPath) {
    Path lib = request.home().resolve("lib");
    List<String> command = new ArrayList<>();
    Path java = JavaCommand.find(environment);
    command.add(java.toString());
    command.addAll(JavaCommand.quiet(java));
    command.add("-client");
    command.add("-Xmx1g");
    // The main lives for a second: a short start matters more than fast code.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    request.jvmProperties().forEach(property -> command.add("-D" + property));
    command.add("-cp");
    command.add(
        topologyClassPath
            + ":"
            + lib.resolve("api").resolve("heron-api.jar")
            + ":"
            + lib.resolve("third_party")
            + "/*");
    command.add(request.className());
    command.addAll(request.arguments());
    return command;
  }

  private static List<String> pex(MainRequest request) {
    if (!request.className().equals("-")) {
      throw new ClientException(
          "Python topology '"
              + request.file().path()
              + "': only a pex that submits when it is run is supported; give - as the class");
    }
    return program(request, request.file().path().toAbsolutePath());
  }

  private static List<String> program(MainRequest request, Path program) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(request.arguments());
    return command;
  }
}
