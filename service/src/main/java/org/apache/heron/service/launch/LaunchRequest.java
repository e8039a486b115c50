package org.apache.heron.service.launch;

import java.nio.file.Path;
import java.util.List;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * Which topology's scheduler is to be started, and how.
 *
 * @param local configuration with this host's paths
 * @param topologyId of the submission; empty if that is no longer known
 * @param jvmOptions that the scheduler's process needs besides those of all
 * @param background false if the process is to be a child of this one, on its terminal
 */
public record LaunchRequest(
    Config local, String topology, String topologyId, List<String> jvmOptions, boolean background) {
  private static final String BACKGROUND_KEY = "heron.scheduler.background";

  public LaunchRequest {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** What a launcher was asked for; in the background unless {@value #BACKGROUND_KEY} is false. */
  public static LaunchRequest of(LaunchContext context, List<String> jvmOptions) {
    return new LaunchRequest(
        context.local(),
        context.topology().getName(),
        context.topology().getId(),
        jvmOptions,
        context.local().bool(BACKGROUND_KEY, true));
  }

  /**
   * The working directory of the scheduler process on this host.
   *
   * @param key of the configuration that names it
   * @throws SchedulerException if it is not set
   */
  public WorkingDirectory workingDirectory(String key) {
    Path path =
        local
            .optionalPath(key)
            .map(each -> each.toAbsolutePath().normalize())
            .orElseThrow(
                () ->
                    new SchedulerException(
                        key + " is not set; name the directory in scheduler.yaml"));
    return new WorkingDirectory(path, topology, key);
  }
}
