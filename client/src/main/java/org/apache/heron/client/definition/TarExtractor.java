package org.apache.heron.client.definition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.heron.client.ClientException;
import org.apache.heron.downloader.unpack.TarUnpacker;

/** Extracts a topology's tar archive; nothing in it can write outside the target directory. */
final class TarExtractor {
  private TarExtractor() {}

  /**
   * @throws ClientException if the archive is broken, too large, or reaches outside the target
   */
  static void extract(Path archive, boolean compressed, Path target) {
    try {
      TarUnpacker.unpack(archive, compressed, target);
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
}
