package org.apache.heron.scheduler.local.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.service.files.Trees;

/**
 * The directories in which containers run: one each, as on a cluster, so that none sees or replaces
 * another's files. What was unpacked for all is linked, not copied. A directory stays over restarts
 * of its container, with the logs of before.
 */
public final class Sandboxes {
  /**
   * The scheduler's own files, by their whole names: what is left is the topology's, whose
   * definition and binary users name.
   */
  private static final Set<String> OWN =
      Set.of(
          "records",
          "launch.properties",
          "heron-core.part",
          "log-files",
          "scheduler.lock",
          "scheduler.log",
          "scheduler.out",
          "scheduler.pid");

  private final Layout layout;

  public Sandboxes(Layout layout) {
    this.layout = layout;
  }

  /**
   * Makes a container's directory, or what is missing in it.
   *
   * @return the directory
   */
  public Path prepare(int container) throws IOException {
    Path sandbox = Files.createDirectories(layout.sandbox(container));
    try (Stream<Path> files = Files.list(layout.directory())) {
      for (Path file : files.filter(Sandboxes::isShared).toList()) {
        Path link = sandbox.resolve(file.getFileName());
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(link, Path.of("..").resolve(file.getFileName()));
        }
      }
    }
    return sandbox;
  }

  private static boolean isShared(Path file) {
    String name = file.getFileName().toString();
    return !OWN.contains(name) && !Layout.isSandbox(name);
  }

  /** Removes a container's directory; fine if it is not there. */
  public void remove(int container) throws IOException {
    Trees.delete(layout.sandbox(container));
  }
}
