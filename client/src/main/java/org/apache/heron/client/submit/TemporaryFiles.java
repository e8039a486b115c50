package org.apache.heron.client.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * A new directory, which only its owner may read.
   *
   * @throws ClientException if there is no place for it
   */
  public static Path directory() {
    try {
      return Files.createTempDirectory("heron-submit");
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
    } catch (IOException e) {
      LOG.warn("Cannot delete the temporary directory {}: {}", directory, e.toString());
    }
  }
}
