package org.apache.heron.scheduler.local.process;

import java.nio.file.Path;
import java.util.Map;

/**
 * What is run for a container.
 *
 * @param command one line for {@code sh}, which gives way to it
 * @param environment besides that of the scheduler
 * @param sandbox the container's directory, in which it is run
 * @param output file in it for what the process writes on stdout and stderr
 */
public record Job(String command, Map<String, String> environment, Path sandbox, String output) {
  public Job {
    environment = Map.copyOf(environment);
  }
}
