package org.apache.heron.cli.legacy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The configuration loaders of old, each for one directory of today's configuration. */
enum OldLoader {
  /** Jobs of Apache Aurora. */
  AURORA("aurora", "AuroraConfigLoader"),
  /** Mesos without Aurora. */
  MESOS("mesos", "MesosConfigLoader"),
  /** Processes of this host. */
  LOCAL("local", "LocalConfigLoader"),
  /** Anything: what it loads names the scheduler. */
  DEFAULT("", "DefaultConfigLoader", "PropertiesFileConfigLoader", "Base64ConfigLoader");

  /** Also {@code com.twitter.heron.scheduler.aurora.MesosConfigLoader}, as a manual had it. */
  private static final Pattern PACKAGE =
      Pattern.compile("(?:com\\.twitter|org\\.apache)\\.heron\\.scheduler\\.(?:[a-z]+\\.)?");

  private final String directory;

  // A list of constants: immutable, which the compiler cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> classes;

  OldLoader(String directory, String... classes) {
    this.directory = directory;
    this.classes = List.of(classes);
  }

  /** The directory of clusters that it stands for; empty of {@link #DEFAULT}. */
  String directory() {
    return directory;
  }

  /**
   * The loader of a class name.
   *
   * @throws OldUsageException if it is none of Heron's
   */
  static OldLoader of(String className) {
    String simple = PACKAGE.matcher(className.strip()).replaceFirst("");
    return Arrays.stream(values())
        .filter(loader -> loader.classes.contains(simple))
        .findFirst()
        .orElseThrow(
            () ->
                new OldUsageException(
                    "--config-loader "
                        + className
                        + " is not known; com.twitter.heron.scheduler.aurora.AuroraConfigLoader,"
                        + " com.twitter.heron.scheduler.mesos.MesosConfigLoader and"
                        + " com.twitter.heron.scheduler.local.LocalConfigLoader are. Instead of one's"
                        + " own, put the configuration in a directory conf/<cluster>"));
  }

  /** The loader for a scheduler's or launcher's class; empty if that tells nothing. */
  static Optional<OldLoader> ofScheduler(String className) {
    return Arrays.stream(values())
        .filter(loader -> loader != DEFAULT)
        .filter(loader -> className.contains(".scheduler." + loader.directory + "."))
        .findFirst();
  }
}
