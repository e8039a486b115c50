package org.apache.heron.client.submit;

import java.util.List;

/**
 * What a user says of a topology's main.
 *
 * @param topologyFile path or URL
 * @param className of the topology's main
 * @param arguments of the main
 * @param jvmProperties {@code name=value}, for the main's JVM
 * @param deactivated true if the topology starts paused
 */
public record MainWords(
    String topologyFile,
    String className,
    List<String> arguments,
    List<String> jvmProperties,
    boolean deactivated) {
  public MainWords {
    arguments = List.copyOf(arguments);
    jvmProperties = List.copyOf(jvmProperties);
  }
}
