package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that were fetched once and serve many tasks; several agents may share one. An entry belongs
 * to a user and a URI; whoever asks while it is being fetched waits for the same copy; the least
 * recently used that nobody reads make room. Like Mesos' cache it trusts the URI: what changed
 * behind it is not noticed. Thread-safe.
 */
public final class FetcherCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FetcherCache.class);

  /** Fills a file. */
  @FunctionalInterface
  interface Filler {
    void fill(Path target) throws FetchException, InterruptedException;
  }

  private final Path directory;
  private final long capacity;
  private final Map<String, Entry> entries = new HashMap<>();
  private long used;
  private long uses;
  private long count;

  /**
   * @param directory for the files; what an earlier cache left there is deleted, as Mesos does
   * @param capacity in bytes; entries in use may exceed it for a while
   * @throws IOException if the directory cannot be made or cleared
   */
  public FetcherCache(Path directory, long capacity) throws IOException {
    this.directory = directory;
    this.capacity = capacity;
    Files.createDirectories(directory);
    clear();
  }

  /** A file that stays until it is closed. */
  static final class Lease implements AutoCloseable {
    private final FetcherCache cache;
    private final Entry entry;
    private final boolean hit;

    private Lease(FetcherCache cache, Entry entry, boolean hit) {
      this.cache = cache;
      this.entry = entry;
      this.hit = hit;
    }

    Path file() {
      return entry.file;
    }

    /** True if it did not have to be fetched for this lease. */
    boolean isHit() {
      return hit;
    }

    @Override
    public void close() {
      cache.release(entry);
    }
  }

  private static final class Entry {
    final String key;
    final Path file;
    final CompletableFuture<Void> filled = new CompletableFuture<>();
    int readers;
    long size;
    long lastUse;
    boolean dropped;

    Entry(String key, Path file) {
      this.key = key;
      this.file = file;
    }
  }

  /**
   * The file for a user's URI, fetched by {@code filler} if it is not there.
   *
   * @throws FetchException if it could not be fetched, by us or by whom we waited for
   */
  Lease lease(Optional<String> user, String uri, String baseName, Filler filler)
      throws FetchException, InterruptedException {
    Entry entry;
    boolean mine;
    synchronized (this) {
      String key = Source.cacheKey(user, uri);
      entry = entries.get(key);
      mine = entry == null;
      if (mine) {
        entry = new Entry(key, directory.resolve("c" + ++count + "-" + shorten(baseName)));
        entries.put(key, entry);
      }
      entry.readers++;
      entry.lastUse = ++uses;
    }
    try {
      if (mine) {
        fill(entry, filler);
      } else {
        await(entry, uri);
      }
      return new Lease(this, entry, !mine);
    } catch (FetchException | InterruptedException | RuntimeException e) {
      release(entry);
      throw e;
    }
  }

  /** As Mesos does; by the end of the name it is told later whether it is an archive. */
  private static String shorten(String name) {
    return name.length() <= 20
        ? name
        : name.substring(0, 10) + "_" + name.substring(name.length() - 10);
  }

  private void fill(Entry entry, Filler filler) throws FetchException, InterruptedException {
    try {
      filler.fill(entry.file);
      long size = Files.size(entry.file);
      synchronized (this) {
        entry.size = size;
        used += size;
        makeRoom(entry);
      }
      entry.filled.complete(null);
    } catch (FetchException | InterruptedException | RuntimeException e) {
      fail(entry, e);
      throw e;
    } catch (IOException e) {
      fail(entry, e);
      throw new FetchException("cannot read " + entry.file + ": " + e.getMessage(), e);
    }
  }

  private void fail(Entry entry, Exception error) {
    synchronized (this) {
      entries.remove(entry.key, entry);
      entry.dropped = true;
    }
    entry.filled.completeExceptionally(error);
  }

  private static void await(Entry entry, String uri) throws FetchException, InterruptedException {
    try {
      entry.filled.get();
    } catch (ExecutionException e) {
      throw new FetchException(
          "the fetch of '" + uri + "' that was waited for failed: " + e.getCause().getMessage(),
          e.getCause());
    }
  }

  private void makeRoom(Entry newest) {
    while (used > capacity) {
      Optional<Entry> victim =
          entries.values().stream()
              .filter(entry -> entry != newest && entry.readers == 0 && entry.filled.isDone())
              .min(Comparator.comparingLong(entry -> entry.lastUse));
      if (victim.isEmpty()) {
        // Nothing else can go: the newest is used once and not kept.
        entries.remove(newest.key, newest);
        newest.dropped = true;
        used -= newest.size;
        LOG.warn(
            "{} ({} bytes) does not fit into the fetcher cache of {} bytes and is not kept",
            newest.key.substring(newest.key.indexOf('\n') + 1),
            newest.size,
            capacity);
        return;
      }
      entries.remove(victim.get().key);
      used -= victim.get().size;
      delete(victim.get().file);
    }
  }

  private synchronized void release(Entry entry) {
    entry.readers--;
    if (entry.dropped && entry.readers == 0) {
      delete(entry.file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete {} from the fetcher cache", file, e);
    }
  }

  /** Bytes that the kept entries take. */
  public synchronized long usedBytes() {
    return used;
  }

  private synchronized void clear() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Iterator<Path> each = files.iterator(); each.hasNext(); ) {
        Path file = each.next();
        if (Files.isRegularFile(file) && file.getFileName().toString().matches("c[0-9]+-.*")) {
          Files.delete(file);
        }
      }
    }
  }

  /** Deletes the files; leases that are still open lose them. */
  @Override
  public synchronized void close() {
    entries.values().forEach(entry -> delete(entry.file));
    entries.clear();
    used = 0;
  }
}
