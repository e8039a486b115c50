package org.apache.heron.client.definition;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.heron.client.ClientException;

/** The names in a gzipped tar archive. */
final class TarListing {
  private static final int MOST = 100_000;

  private TarListing() {}

  static Stream<String> names(Path archive) {
    List<String> names = new ArrayList<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(TarExtractor.gunzip(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry();
          entry != null && names.size() < MOST;
          entry = tar.getNextEntry()) {
        names.add(entry.getName());
      }
    } catch (IOException e) {
      throw new ClientException("Cannot read archive '" + archive + "': " + e.getMessage(), e);
    }
    return names.stream();
  }
}
