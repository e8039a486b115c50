package org.apache.heron.statemgr.localfs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.tree.StateTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks as files, which exist while the lock is held and say who holds it. A lock whose process has
 * ended is free, as far as that can be seen from here. A file of another form, such as upstream
 * writes, counts as held.
 */
final class LockDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(LockDirectory.class);
  private static final long PAUSE_MILLIS = 50;
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(10);
  private static final AtomicLong COUNTER = new AtomicLong();

  /** The operating system's file locks exclude processes only, this excludes threads. */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  /** Something done while no one else looks at the locks. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private final Path directory;

  LockDirectory(Path directory) {
    this.directory = directory;
  }

  /** Takes the lock, waiting at most so long; empty if it is held. */
  Optional<Lock> acquire(Path path, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    String self = describeSelf();
    while (true) {
      if (guarded("take the lock " + path, () -> take(new StateFile(path), self))) {
        return Optional.of(() -> release(path, self));
      }
      if (System.nanoTime() - deadline >= 0) {
        return Optional.empty();
      }
      pause();
    }
  }

  /** Topologies with locks, sorted. */
  List<String> topologies() throws IOException {
    Set<String> topologies = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(
          file ->
              StateTree.lockedTopology(file.getFileName().toString()).ifPresent(topologies::add));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return List.copyOf(topologies);
  }

  /** Removes all locks of a topology that are not wanted. */
  void deleteAll(String topology, Predicate<Path> unwanted) {
    guarded(
        "delete the locks of " + topology + " in " + directory,
        () -> {
          List<Path> locks = new ArrayList<>();
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
              if (StateTree.isLockOf(topology, file.getFileName().toString())
                  && unwanted.test(file)) {
                locks.add(file);
              }
            }
          }
          for (Path lock : locks) {
            Files.deleteIfExists(lock);
          }
          return null;
        });
  }

  private static boolean take(StateFile file, String self) throws IOException {
    if (file.create(bytes(self))) {
      return true;
    }
    String holder = new String(file.read().orElse(new byte[0]), StandardCharsets.UTF_8);
    if (!hasEnded(holder)) {
      return false;
    }
    LOG.info("{} was held by a process that has ended ({})", file.path(), holder.trim());
    file.write(bytes(self));
    return true;
  }

  private void release(Path path, String self) {
    guarded(
        "release the lock " + path,
        () -> {
          StateFile file = new StateFile(path);
          boolean ours =
              file.read()
                  .map(bytes -> new String(bytes, StandardCharsets.UTF_8).equals(self))
                  .orElse(false);
          return ours && file.delete();
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Host, process, its birth, a number of ours, and where process numbers mean the same: different
   * for every lock that is taken.
   */
  private static String describeSelf() {
    ProcessHandle self = ProcessHandle.current();
    return String.join(
        " ",
        host(),
        "" + self.pid(),
        LivingProcess.birth(self),
        "" + COUNTER.incrementAndGet(),
        LivingProcess.place().orElse("-"));
  }

  /** Earlier versions have written four fields, and the start as a time of day. */
  private static boolean hasEnded(String holder) {
    String[] fields = holder.trim().split(" ");
    boolean ofThisForm =
        (fields.length == 4 || fields.length == 5) && fields[1].matches("\\d{1,10}");
    if (!ofThisForm) {
      return false;
    }
    boolean sameHost = fields[0].equals(host());
    String here = LivingProcess.place().orElse("-");
    String there = fields.length == 5 ? fields[4] : "-";
    if (here.equals("-") || there.equals("-")) {
      return sameHost && isNotFound(fields);
    }
    // Whatever the host is called now. In another container of the same start of the machine a
    // process number means another process, so nobody can be seen dead from here.
    return here.equals(there) ? isNotFound(fields) : sameHost && !boot(here).equals(boot(there));
  }

  private static boolean isNotFound(String[] fields) {
    return LivingProcess.find(Long.parseLong(fields[1]), fields[2]).isEmpty();
  }

  /** Which start of the machine it is, of a place as {@link LivingProcess#place} says it. */
  private static String boot(String place) {
    int end = place.lastIndexOf('/');
    return end < 0 ? place : place.substring(0, end);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Runs a step while no other thread or process that uses these locks runs one. */
  private <T> T guarded(String purpose, Step<T> step) {
    long deadline = System.nanoTime() + GUARD_LIMIT.toNanos();
    IN_PROCESS.lock();
    try {
      Files.createDirectories(directory);
      try (FileChannel guard =
          FileChannel.open(
              directory.resolve(".guard"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = guard.tryLock();
        while (lock == null) {
          if (System.nanoTime() - deadline >= 0) {
            throw new StateException(
                "cannot " + purpose + ": another process keeps " + directory + "/.guard locked");
          }
          pause();
          lock = guard.tryLock();
        }
        return step.run();
      }
    } catch (NoSuchFileException e) {
      throw new StateException("cannot " + purpose + ": no file " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StateException("cannot " + purpose + ": " + e.getMessage(), e);
    } finally {
      IN_PROCESS.unlock();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StateException("interrupted while waiting for a lock", e);
    }
  }
}
