package org.apache.heron.client.definition;

import java.nio.file.Path;
import java.util.List;

/**
 * What is needed to run a topology's main.
 *
 * @param className the class; for C++ the program's name, for Python {@code -}
 * @param arguments of the main
 * @param jvmProperties {@code name=value} system properties of the main's JVM
 * @param home the installation, for the API's jar
 * @param user who submits
 */
public record MainRequest(
    TopologyFile file,
    String className,
    List<String> arguments,
    List<String> jvmProperties,
    Path home,
    String cluster,
    String role,
    String environ,
    String user,
    boolean deactivated) {

  public MainRequest {
    arguments = List.copyOf(arguments);
    jvmProperties = List.copyOf(jvmProperties);
  }
}
