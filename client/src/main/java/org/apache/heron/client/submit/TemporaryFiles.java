package org.apache.heron.client.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a submit writes beside the road, and removes at its end. */
public final class TemporaryFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);

  private TemporaryFiles() {}

  /** What is done with a temporary directory. */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Does it.
     *
     * @param directory which only its owner may read; it is removed at the end
     * @param cancellation of the calling thread
     */
    T with(Path directory, Cancellation cancellation) throws InterruptedException;
  }

  /**
   * Does something with a new directory, which is removed at the end, also at that of the JVM.
   *
   * @param prefix of its name
   * @param patience how long the end of the JVM may be held up until the work has ended
   * @throws ClientException if there is no place for it
   * @throws InterruptedException if the JVM is ending
   */
  public static <T> T use(String prefix, Duration patience, Work<T> work)
      throws InterruptedException {
    try (Cancellation cancellation = Cancellation.ofThisThread(patience)) {
      cancellation.check();
      Path directory = directory(prefix);
      cancellation.whenGivenUp(() -> delete(directory));
      try {
        return work.with(directory, cancellation);
      } catch (RuntimeException e) {
        if (cancellation.requested()) {
          throw (InterruptedException) new InterruptedException("cancelled").initCause(e);
        }
        throw e;
      } finally {
        // Before the cancellation is closed: the JVM may end then.
        delete(directory);
      }
    }
  }

  private static Path directory(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new ClientException(
          "Cannot create a temporary directory in '"
              + System.getProperty("java.io.tmpdir")
              + "': "
              + e.getMessage(),
          e);
    }
  }

  /** Removes the directory and what is in it, without following links. */
  public static void delete(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : leavesFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot delete the temporary directory {}: {}", directory, e.toString());
    }
  }
}
