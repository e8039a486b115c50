package org.apache.heron.minicluster.agent.fetcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZUtils;

/** Reads archives as a stream and hands their entries to an {@link ExtractionTarget}. */
final class Unpacker {
  private static final int BUFFER = 1 << 16;
  private static final int TAR_BLOCK = 512;

  private Unpacker() {}

  /**
   * Extracts.
   *
   * @param archive the file to read
   * @param name the name it goes by, which decides its kind and what a lone gzip file becomes
   * @param directory where to; must exist
   * @throws FetchException if it is damaged, or holds an entry that would land elsewhere
   */
  static void extract(ArchiveKind kind, Path archive, String name, Path directory)
      throws FetchException {
    ExtractionTarget target = new ExtractionTarget(directory);
    try {
      switch (kind) {
        case ZIP -> extractZip(archive, target);
        case GZIP -> {
          try (InputStream in = gunzip(archive)) {
            target.file(name.substring(0, name.length() - ".gz".length()), 0644, in);
          }
        }
        case TAR -> extractTar(open(archive), target);
        case TAR_GZIP -> extractTar(gunzip(archive), target);
        case TAR_BZIP2 -> extractTar(new BZip2CompressorInputStream(open(archive), true), target);
        case TAR_XZ -> {
          if (!XZUtils.isXZCompressionAvailable()) {
            throw new FetchException(
                "'" + name + "': the xz library is not on the agent's class path; use tar.gz");
          }
          extractTar(
              XZCompressorInputStream.builder()
                  .setInputStream(open(archive))
                  .setDecompressConcatenated(true)
                  .get(),
              target);
        }
      }
      target.finish();
    } catch (IOException | IllegalArgumentException e) {
      throw new FetchException("cannot extract '" + name + "': " + e.getMessage(), e);
    }
  }

  private static InputStream open(Path archive) throws IOException {
    return new BufferedInputStream(Files.newInputStream(archive), BUFFER);
  }

  private static InputStream gunzip(Path archive) throws IOException {
    InputStream in = Files.newInputStream(archive);
    try {
      return new GZIPInputStream(in, BUFFER);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static void extractTar(InputStream in, ExtractionTarget target)
      throws IOException, FetchException {
    try (in;
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null && tar.getBytesRead() < TAR_BLOCK) {
        throw new FetchException("it is no tar archive");
      }
      while (entry != null) {
        if (entry.isDirectory()) {
          target.directory(entry.getName(), entry.getMode());
        } else if (entry.isSymbolicLink()) {
          target.symbolicLink(entry.getName(), entry.getLinkName());
        } else if (entry.isLink()) {
          target.hardLink(entry.getName(), entry.getLinkName());
        } else if (entry.isFile()) {
          target.file(entry.getName(), entry.getMode(), tar);
        } else if (!entry.isGlobalPaxHeader()) {
          throw new FetchException("'" + entry.getName() + "' is a device or pipe");
        }
        entry = tar.getNextEntry();
      }
    }
  }

  private static void extractZip(Path archive, ExtractionTarget target)
      throws IOException, FetchException {
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      Enumeration<ZipArchiveEntry> entries = zip.getEntries();
      while (entries.hasMoreElements()) {
        ZipArchiveEntry entry = entries.nextElement();
        int mode = entry.getUnixMode();
        if (entry.isDirectory()) {
          target.directory(entry.getName(), mode == 0 ? 0755 : mode);
        } else if (entry.isUnixSymlink()) {
          target.symbolicLink(entry.getName(), zip.getUnixSymlink(entry));
        } else {
          try (InputStream in = zip.getInputStream(entry)) {
            target.file(entry.getName(), mode == 0 ? 0644 : mode, in);
          }
        }
      }
    }
  }
}
