package org.apache.heron.client.submit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.spi.config.Config;

/**
 * A submit as the user gave it.
 *
 * @param topologyFile path or URL
 * @param className of the topology's main
 * @param arguments of the main
 * @param jvmProperties {@code name=value}, for the main's JVM
 * @param extraLaunchClassPath for the launcher's, uploader's and other plug-ins' classes
 * @param deactivated true if the topology starts paused
 * @param dryRun only show the plan, in this format
 */
public record SubmitRequest(
    Settings settings,
    String topologyFile,
    String className,
    List<String> arguments,
    List<String> jvmProperties,
    String extraLaunchClassPath,
    boolean deactivated,
    Optional<DryRunFormat> dryRun) {
  /** How long to wait; whatever the scheduler. */
  static final String TIMEOUT_KEY = "heron.submit.timeout.seconds";

  /** Whether it is left waiting after that time. */
  static final String KEEP_KEY = "heron.submit.keep.waiting";

  // Their former names, from when there was Mesos only.
  private static final String MESOS_TIMEOUT_KEY = "heron.mesos.submit.timeout.seconds";
  private static final String MESOS_KEEP_KEY = "heron.mesos.submit.keep.waiting";
  private static final long USUAL_SECONDS = 120;

  public SubmitRequest {
    arguments = List.copyOf(arguments);
    jvmProperties = List.copyOf(jvmProperties);
  }

  /**
   * Of a topology whose main has run elsewhere.
   *
   * @param topologyFile on this host
   */
  public static SubmitRequest withoutMain(
      Settings settings, Path topologyFile, Optional<DryRunFormat> dryRun) {
    return new SubmitRequest(
        settings, topologyFile.toString(), "", List.of(), List.of(), "", false, dryRun);
  }

  /** What is said of the main. */
  MainWords main() {
    return new MainWords(topologyFile, className, arguments, jvmProperties, deactivated);
  }

  /** How long to wait for all containers; zero: not at all. */
  Duration patience() {
    Config local = settings.local();
    return Duration.ofSeconds(
        local.number(TIMEOUT_KEY, local.number(MESOS_TIMEOUT_KEY, USUAL_SECONDS)));
  }

  /** True if a topology that still waits for containers after that time is left to go on. */
  boolean keepWaiting() {
    Config local = settings.local();
    return local.bool(KEEP_KEY, local.bool(MESOS_KEEP_KEY, false));
  }
}
