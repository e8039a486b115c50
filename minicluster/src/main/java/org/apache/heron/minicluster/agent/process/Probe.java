package org.apache.heron.minicluster.agent.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a short command beside a task, as the task is run, and tells whether it succeeded. */
public final class Probe {
  private Probe() {}

  /**
   * Runs the command and waits; its output is thrown away.
   *
   * @param limit after which it is killed with what it started
   * @return empty if it did not end in time
   * @throws IOException if it cannot be started
   */
  public static Optional<Integer> run(Launch launch, Duration limit)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    Programs.find("setsid").ifPresent(program -> line.add(program.toString()));
    launch.user().ifPresent(user -> line.addAll(Container.asUser(user)));
    line.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(launch.sandbox().toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    // The container's mark: what a check leaves behind goes with the container.
    builder.environment().put(Launch.MARK, launch.sandbox().toString());
    Process process = builder.start();
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(process.exitValue())
          : Optional.empty();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
