package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo.URI;

/**
 * Brings URIs into sandboxes as Mesos' fetcher does: one after the other, each extracted if its
 * name says that it is an archive and nobody forbids it, with a log in the sandbox' {@code stderr}.
 * Thread-safe; {@link #fetch} blocks.
 */
public final class Fetcher implements AutoCloseable {
  private final FetcherCache cache;
  private final Download download;
  private final Clock clock;

  /**
   * @param cache for URIs that ask for it; not closed by this
   * @param stallLimit a download from which so long nothing comes fails
   * @param clock for the log's times
   */
  public Fetcher(FetcherCache cache, Duration stallLimit, Clock clock) {
    this.cache = cache;
    this.download = new Download(stallLimit);
    this.clock = clock;
  }

  /**
   * Fetches all.
   *
   * @param uris what to fetch, in this order
   * @param sandbox where to; must exist
   * @param user for whom: cache entries are not shared between users
   * @throws FetchException if one fails; the rest is not fetched, the log says why
   * @throws InterruptedException if the thread is interrupted: what it began is left as it is
   */
  public void fetch(List<URI> uris, Path sandbox, Optional<String> user)
      throws FetchException, InterruptedException {
    if (uris.isEmpty()) {
      return;
    }
    FetchLog log = new FetchLog(sandbox, clock);
    for (URI uri : uris) {
      log.info("Fetching URI '" + uri.getValue() + "'");
      try {
        fetchOne(uri, sandbox, user, log);
      } catch (FetchException e) {
        log.error("Failed to fetch '" + uri.getValue() + "': " + e.getMessage());
        throw e;
      } catch (IOException e) {
        String reason = "Failed to fetch '" + uri.getValue() + "': " + e;
        log.error(reason);
        throw new FetchException(reason, e);
      }
      log.info("Fetched '" + uri.getValue() + "' to '" + sandbox + "'");
    }
    log.info("Successfully fetched all URIs into '" + sandbox + "'");
  }

  private void fetchOne(URI uri, Path sandbox, Optional<String> user, FetchLog log)
      throws FetchException, InterruptedException, IOException {
    Source source = Source.parse(uri.getValue());
    String name =
        uri.hasOutputFile() && !uri.getOutputFile().isEmpty()
            ? uri.getOutputFile()
            : Source.baseName(uri.getValue());
    Path target = Source.inside(sandbox, name);
    if (uri.getCache()) {
      fetchByCache(uri, source, target, sandbox, user, log);
      return;
    }
    prepare(sandbox, target);
    log.info("Downloading resource from '" + uri.getValue() + "' to '" + target + "'");
    download.copy(source, target);
    if (uri.getExecutable()) {
      makeExecutable(target);
    } else if (uri.getExtract() && !extract(target, sandbox, log)) {
      warnOfCopy(uri, log);
    }
  }

  private void fetchByCache(
      URI uri, Source source, Path target, Path sandbox, Optional<String> user, FetchLog log)
      throws FetchException, InterruptedException, IOException {
    FetcherCache.Filler filler =
        file -> {
          log.info("Downloading resource from '" + uri.getValue() + "' to '" + file + "'");
          download.copy(source, file);
        };
    String baseName = Source.baseName(uri.getValue());
    try (FetcherCache.Lease lease = cache.lease(user, uri.getValue(), baseName, filler)) {
      log.info("Fetching URI '" + uri.getValue() + "' from cache");
      // Straight from the cache, by the name that the file has there: the archive itself does not
      // appear in the sandbox.
      if (!uri.getExecutable() && uri.getExtract() && extract(lease.file(), sandbox, log)) {
        return;
      }
      prepare(sandbox, target);
      Files.copy(lease.file(), target, StandardCopyOption.REPLACE_EXISTING);
      if (uri.getExecutable()) {
        makeExecutable(target);
      } else if (uri.getExtract()) {
        warnOfCopy(uri, log);
      }
    }
  }

  /** Makes an output file's directories and refuses to write where a link would lead. */
  private static void prepare(Path sandbox, Path target) throws FetchException, IOException {
    Files.createDirectories(target.getParent());
    if (!target.getParent().toRealPath().startsWith(sandbox.toRealPath())
        || Files.isSymbolicLink(target)) {
      throw new FetchException("'" + sandbox.relativize(target) + "' leads out of the sandbox");
    }
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchException("'" + sandbox.relativize(target) + "' is a directory already");
    }
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void warnOfCopy(URI uri, FetchLog log) throws FetchException {
    log.warn(
        "Copying instead of extracting resource from URI with 'extract' flag, because it does not"
            + " seem to be an archive: "
            + uri.getValue());
  }

  /** False if the file's name is not one of an archive. */
  private static boolean extract(Path file, Path sandbox, FetchLog log)
      throws FetchException, IOException {
    String name = file.getFileName().toString();
    Optional<ArchiveKind> kind = ArchiveKind.of(name);
    if (kind.isEmpty()) {
      return false;
    }
    log.info("Extracting '" + file + "' into '" + sandbox + "'");
    Unpacker.extract(kind.get(), file, name, sandbox);
    return true;
  }

  @Override
  public void close() {
    download.close();
  }
}
