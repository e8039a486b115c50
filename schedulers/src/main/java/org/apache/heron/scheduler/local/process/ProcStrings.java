package org.apache.heron.scheduler.local.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environments and commands of processes as Linux shows them, for one search. While a process
 * becomes another program both are empty for a moment: then it is looked again, so that no process
 * is missed. Not thread-safe.
 */
final class ProcStrings {
  private static final Logger LOG = LoggerFactory.getLogger(ProcStrings.class);

  /** Of a search, since one that never gets its program from a dead disk must not hold it up. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * What fits is read by one call: between two, the process may become another program, of which
   * the file that is open shows nothing.
   */
  private final byte[] buffer = new byte[64 << 10];

  private final long deadline = System.nanoTime() + PATIENCE.toNanos();

  /** {@code name=value}, as when its program began; empty if it cannot be read, as of others'. */
  Stream<String> environment(long pid) {
    return strings(pid, "environ");
  }

  /** Its words. */
  Stream<String> command(long pid) {
    return strings(pid, "cmdline");
  }

  private Stream<String> strings(long pid, String name) {
    Path file = Path.of("/proc", Long.toString(pid), name);
    try {
      byte[] bytes = read(file);
      while (bytes.length == 0
          && ProcStat.of(pid).filter(ProcStat::hasEnvironment).isPresent()
          && mayLookAgain(pid)) {
        bytes = read(file);
      }
      // What ProcessBuilder was given as text has become bytes by this very character set.
      return Stream.of(new String(bytes, Charset.defaultCharset()).split("\0"))
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private byte[] read(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, count);
      }
    }
    return bytes.toByteArray();
  }

  private boolean mayLookAgain(long pid) {
    if (System.nanoTime() - deadline >= 0) {
      LOG.warn(
          "process {} has not become the program it is to be; whose it is cannot be told", pid);
      return false;
    }
    LockSupport.parkNanos(PAUSE_NANOS);
    return !Thread.currentThread().isInterrupted();
  }
}
