package org.apache.heron.scheduler.local.sandbox;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where everything lies in the scheduler's directory. */
public final class Layout {
  private static final String CONTAINER = "container-";
  private static final Pattern SANDBOX = Pattern.compile(CONTAINER + "\\d+");

  private final Path directory;

  /**
   * @param directory of the scheduler, absolute
   */
  public Layout(Path directory) {
    this.directory = directory;
  }

  /** The scheduler's directory. */
  public Path directory() {
    return directory;
  }

  /** The directory in which a container runs. */
  public Path sandbox(int container) {
    return directory.resolve(CONTAINER + container);
  }

  /** True if a name in the scheduler's directory is that of a container's. */
  static boolean isSandbox(String name) {
    return SANDBOX.matcher(name).matches();
  }

  /** Where a container's processes write what they print. */
  public static String output(int container) {
    return "heron-executor-" + container + ".stderr";
  }

  /** The unpacked core package, or a link to it. */
  public Path core() {
    return directory.resolve("heron-core");
  }

  /** The containers' records. */
  Path records() {
    return directory.resolve("records");
  }

  /** Locked by the scheduler that has these containers. */
  public Path lock() {
    return directory.resolve("scheduler.lock");
  }
}
