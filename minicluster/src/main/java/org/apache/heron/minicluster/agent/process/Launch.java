package org.apache.heron.minicluster.agent.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command to run in a container.
 *
 * @param sandbox the working directory, where {@code stdout} and {@code stderr} go; it also marks
 *     the container's processes
 * @param runtime a directory outside the sandbox for the exit status, which must outlive the agent
 * @param command program and arguments
 * @param environment all of it, without {@code MESOS_SANDBOX}, which is added
 * @param user whom to run as; empty keeps the agent's own
 */
public record Launch(
    Path sandbox,
    Path runtime,
    List<String> command,
    Map<String, String> environment,
    Optional<TaskUser> user) {
  /** The environment variable that marks every process of a container. */
  static final String MARK = "MESOS_SANDBOX";

  /** Copies the collections. */
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
