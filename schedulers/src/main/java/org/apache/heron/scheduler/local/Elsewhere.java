package org.apache.heron.scheduler.local;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.service.launch.WorkingDirectory;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Where a topology may run that is not in its working directory on this host: in another directory,
 * which its submit was given, or on another host, where shared state is of several.
 */
final class Elsewhere {
  private static final String KEY = LocalSettings.WORKING_DIRECTORY_KEY;

  private Elsewhere() {}

  /** True if shared state is in files, which only this host has. */
  static boolean isStateOfThisHost(Config local) {
    String servers = local.optionalString(Key.STATEMGR_CONNECTION_STRING).orElse("");
    return servers.isBlank() || servers.equals("LOCALMODE");
  }

  /**
   * Where else on this host containers of it run, and what to do; empty if none do.
   *
   * @param id of its submission; empty if that is not known
   */
  static Optional<String> onThisHost(Config local, Path directory, String topology, String id) {
    Set<Path> others =
        Remains.elsewhere(directory, topology, id, other -> submission(other, topology));
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "containers of it run in "
                + others.stream().map(Path::toString).collect(Collectors.joining(", "))
                + " on this host, not in "
                + directory
                + ": give "
                + named(local)
                + " the value that it was submitted with");
  }

  private static Optional<String> submission(Path directory, String topology) {
    try {
      return Optional.of(
          new WorkingDirectory(directory, topology, KEY).launchRecord().topologyId());
    } catch (SchedulerException e) {
      // No scheduler's directory, or one that was removed below the feet of its containers.
      return Optional.empty();
    }
  }

  /** The same, or why it may run on another host; empty if nothing of it can run anywhere. */
  static Optional<String> anywhere(LaunchContext context, Path directory) {
    Config local = context.local();
    String topology = context.topology().getName();
    return onThisHost(local, directory, topology, context.topology().getId())
        .or(
            () ->
                isStateOfThisHost(local) && Remains.canBeTold()
                    ? Optional.empty()
                    : onAnotherHost(context, directory));
  }

  private static Optional<String> onAnotherHost(LaunchContext context, Path directory) {
    IStateManager state = context.state();
    String topology = context.topology().getName();
    Optional<SchedulerLocation> scheduler = state.get(StateKind.SCHEDULER_LOCATION, topology);
    boolean hasRun =
        scheduler.isPresent()
            || state.exists(StateKind.TMANAGER_LOCATION, topology)
            || state.exists(StateKind.PHYSICAL_PLAN, topology);
    return hasRun
        ? Optional.of(
            "it has run, and not in "
                + directory
                + " on this host, so it may run on another host"
                + scheduler
                    .map(found -> " (its scheduler was at " + found.getHttpEndpoint() + ")")
                    .orElse("")
                + ": give the command there, or give "
                + named(context.local())
                + " the value that it was submitted with; if that host will never come back, make"
                + " this directory, and heron doctor --fix removes what is left of the topology")
        : Optional.empty();
  }

  private static String named(Config local) {
    return KEY + " (from " + local.sourceOf(KEY) + ")";
  }
}
