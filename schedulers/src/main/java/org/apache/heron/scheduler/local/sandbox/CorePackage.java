package org.apache.heron.scheduler.local.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.heron.service.files.Trees;
import org.apache.heron.service.launch.PackageArchive;
import org.apache.heron.service.launch.PackageSource;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Brings the core package to where containers find it: once for all containers of a topology. */
public final class CorePackage {
  private static final Path EXECUTOR = Path.of("bin", "heron-executor");

  private CorePackage() {}

  /**
   * Where the core package is, by the submitting host's configuration: the URI, or the directory if
   * {@code heron.package.use_core_uri} is false.
   *
   * @throws SchedulerException if there is none, neither unpacked nor as a package beside it
   */
  public static String configured(Config local) {
    if (local.bool(Key.USE_CORE_PACKAGE_URI)) {
      return local.string(Key.CORE_PACKAGE_URI);
    }
    Path directory = local.path(Key.CORE_PACKAGE_DIRECTORY).toAbsolutePath().normalize();
    if (Files.isExecutable(directory.resolve(EXECUTOR))) {
      return directory.toString();
    }
    // An installation has the package beside the directory that upstream's has.
    Path packed = directory.resolveSibling(directory.getFileName() + ".tar.gz");
    if (Files.isRegularFile(packed)) {
      return packed.toString();
    }
    throw new SchedulerException(
        "there is no core package: neither "
            + directory.resolve(EXECUTOR)
            + " nor "
            + packed
            + " ("
            + Key.CORE_PACKAGE_DIRECTORY.text()
            + ", from "
            + local.sourceOf(Key.CORE_PACKAGE_DIRECTORY.text())
            + ")");
  }

  /**
   * Makes {@link Layout#core}, unless it is there.
   *
   * @param source as {@link #configured} says
   * @throws SchedulerException if it cannot be read, or is no core package
   */
  public static void place(Layout layout, String source) {
    if (isComplete(layout)) {
      return;
    }
    try {
      if (source.startsWith("/") && Files.isDirectory(Path.of(source))) {
        Files.deleteIfExists(layout.core());
        Files.createSymbolicLink(layout.core(), Path.of(source));
      } else {
        unpack(layout, source);
      }
    } catch (IOException e) {
      throw new SchedulerException(
          "the core package " + source + " (" + keys() + ") cannot be unpacked: " + reason(e), e);
    }
    if (!isComplete(layout)) {
      throw new SchedulerException(
          source + " (" + keys() + ") is no core package: it has no heron-core/" + EXECUTOR);
    }
  }

  /** An exception of no special kind says nothing by its class. */
  private static String reason(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }

  private static String keys() {
    return Key.CORE_PACKAGE_URI.text() + " or " + Key.CORE_PACKAGE_DIRECTORY.text();
  }

  private static boolean isComplete(Layout layout) {
    return Files.isExecutable(layout.core().resolve(EXECUTOR));
  }

  private static void unpack(Layout layout, String source) throws IOException {
    Path parts = layout.directory().resolve("heron-core.part");
    Trees.delete(parts);
    Files.createDirectories(parts);
    try (InputStream stream =
        PackageSource.open(
            source,
            "the core package",
            "fetch and unpack it, set "
                + Key.USE_CORE_PACKAGE_URI.text()
                + " to false and name the directory as "
                + Key.CORE_PACKAGE_DIRECTORY.text())) {
      PackageArchive.unpack(stream, parts);
    }
    Trees.delete(layout.core());
    // Whole or not at all.
    Files.move(parts.resolve("heron-core"), layout.core(), StandardCopyOption.ATOMIC_MOVE);
    Trees.delete(parts);
  }
}
