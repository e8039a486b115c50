package org.apache.heron.client.definition;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.heron.client.ClientException;

/** Extracts a topology's tar archive; nothing in it can write outside the target directory. */
final class TarExtractor {
  private static final int MOST_ENTRIES = 100_000;
  private static final long MOST_BYTES = 8L << 30;

  private TarExtractor() {}

  /**
   * @throws ClientException if the archive is broken, too large, or reaches outside the target
   */
  static void extract(Path archive, boolean compressed, Path target) {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        InputStream plain = compressed ? gunzip(file) : file;
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      Path root = target.toRealPath();
      int entries = 0;
      long bytes = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        bytes += entry.getSize();
        if (++entries > MOST_ENTRIES || bytes > MOST_BYTES) {
          throw new IOException(
              "it has more than " + MOST_ENTRIES + " entries or " + MOST_BYTES + " bytes");
        }
        extract(tar, entry, root);
      }
    } catch (IOException e) {
      throw new ClientException(
          "Cannot extract topology file '" + archive + "': " + e.getMessage(), e);
    }
  }

  /** Of all members, because gzip files may be concatenated. */
  static InputStream gunzip(InputStream file) throws IOException {
    return GzipCompressorInputStream.builder()
        .setInputStream(file)
        .setDecompressConcatenated(true)
        .get();
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
      throws IOException {
    Path path = inside(root, root.resolve(entry.getName()).normalize(), entry);
    if (path.equals(root)) {
      return;
    }
    Files.createDirectories(path.getParent());
    // A link extracted before must not lead out of the directory.
    inside(root, path.getParent().toRealPath(), entry);
    if (entry.isDirectory()) {
      Files.createDirectories(path);
    } else if (entry.isSymbolicLink()) {
      Path link = Path.of(entry.getLinkName());
      inside(root, path.getParent().resolve(link).normalize(), entry);
      Files.deleteIfExists(path);
      Files.createSymbolicLink(path, link);
    } else if (entry.isLink()) {
      Path source = inside(root, root.resolve(entry.getLinkName()).normalize(), entry);
      Files.copy(inside(root, source.toRealPath(), entry), path);
    } else if (isDevice(entry)) {
      throw new IOException("entry '" + entry.getName() + "' is neither file, directory nor link");
    } else {
      Files.deleteIfExists(path);
      Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
      if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + path + " executable");
      }
    }
  }

  private static boolean isDevice(TarArchiveEntry entry) {
    return entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
  }

  private static Path inside(Path root, Path path, TarArchiveEntry entry) throws IOException {
    if (!path.startsWith(root)) {
      throw new IOException("entry '" + entry.getName() + "' reaches outside the archive");
    }
    return path;
  }
}
