package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.downloader.unpack.PackageKind;
import org.apache.heron.downloader.unpack.Placement;
import org.apache.heron.downloader.unpack.TarUnpacker;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/**
 * Brings a package into a directory: fetched and checked in a hidden directory inside, moved out of
 * it when all of it is there. A failure leaves what was there before.
 */
public final class Download {
  private static final String STAGE = ".heron-download-";

  private final Registry registry;

  /**
   * @param config with the registry of downloaders, if there is one
   */
  public Download(Config config) {
    this.registry = new Registry(config);
  }

  /**
   * Fetches and unpacks; a jar is put there as it is, under its name.
   *
   * @param destination made if it is not there
   * @throws IOException if it could not be had; names the URI, without secrets
   */
  public void run(URI uri, Path destination) throws IOException, InterruptedException {
    Path target = destination.toAbsolutePath().normalize();
    Optional<Path> made = Optional.empty();
    Path stage = null;
    Thread atExit = null;
    boolean whole = false;
    try {
      made = firstMissing(target);
      Files.createDirectories(target);
      stage = Files.createTempDirectory(target, STAGE);
      // A container that is killed meanwhile leaves nothing either.
      Path doomed = stage;
      atExit = new Thread(() -> delete(doomed), "remove-half-a-download");
      Runtime.getRuntime().addShutdownHook(atExit);
      run(uri, target, stage);
      whole = true;
    } catch (IOException | ConfigException | IllegalArgumentException e) {
      // The last is what the JDK says of URIs that have no host, or name no file.
      throw new IOException(
          "Cannot download '%s' to '%s': %s".formatted(shown(uri), destination, reason(e)), e);
    } finally {
      if (atExit != null) {
        forget(atExit);
      }
      if (stage != null) {
        delete(stage);
      }
      if (!whole) {
        made.ifPresent(first -> deleteEmpty(target, first));
      }
    }
  }

  private void run(URI uri, Path target, Path stage) throws IOException, InterruptedException {
    Path file = stage.resolve("package");
    String scheme = uri.getScheme() == null ? "file" : uri.getScheme();
    registry.downloader(scheme).download(uri, file);
    Path content = Files.createDirectory(stage.resolve("content"));
    PackageKind kind = PackageKind.of(file);
    switch (kind) {
      case GZIPPED_TAR, TAR -> {
        TarUnpacker.unpack(file, kind == PackageKind.GZIPPED_TAR, content);
        Files.delete(file);
      }
      case ZIP -> Files.move(file, content.resolve(name(uri)));
    }
    Placement.move(content, target, stage.resolve("replaced"));
  }

  private static String name(URI uri) throws IOException {
    Path name = uri.getPath() == null ? null : Path.of(uri.getPath()).getFileName();
    if (name == null || name.toString().isEmpty() || name.toString().equals("..")) {
      throw new IOException("it does not end in a file name");
    }
    return name.toString();
  }

  private static Optional<Path> firstMissing(Path directory) {
    Path missing = null;
    for (Path path = directory;
        path != null && !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        path = path.getParent()) {
      missing = path;
    }
    return Optional.ofNullable(missing);
  }

  /** Only empty ones: another download may have begun in a directory that this one made. */
  private static void deleteEmpty(Path deepest, Path first) {
    try {
      for (Path path = deepest; path.startsWith(first); path = path.getParent()) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(path);
        }
      }
    } catch (DirectoryNotEmptyException e) {
      // It is in use.
      return;
    } catch (IOException e) {
      System.err.println("heron-downloader: cannot delete '" + deepest + "': " + e);
    }
  }

  private static void forget(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending: the hook does its work, and so does this thread.
      return;
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // Deleted already.
      return;
    } catch (IOException | java.io.UncheckedIOException e) {
      System.err.println("heron-downloader: cannot delete '" + directory + "': " + e);
    }
  }

  private static String reason(Exception e) {
    if (e instanceof FileAlreadyExistsException) {
      return "'" + e.getMessage() + "' is in the way";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Without user, password and query: a presigned link is a secret. */
  static String shown(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return (query < 0 ? text : text.substring(0, query) + "?…").replaceFirst("//[^/@]*@", "//…@");
  }
}
