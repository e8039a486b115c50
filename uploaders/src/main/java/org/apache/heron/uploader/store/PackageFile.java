package org.apache.heron.uploader.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.UploaderException;

/**
 * The file to upload.
 *
 * @param bytes its size
 */
public record PackageFile(Path path, long bytes) {
  /**
   * The file that the configuration names.
   *
   * @throws UploaderException if it is not there, no file, empty, or may not be read
   */
  static PackageFile of(Config config) {
    Path path = config.path(Key.TOPOLOGY_PACKAGE_FILE);
    if (!Files.exists(path)) {
      throw new UploaderException("Topology package '" + path + "' does not exist");
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new UploaderException("Topology package '" + path + "' is no file that can be read");
    }
    try {
      long bytes = Files.size(path);
      if (bytes == 0) {
        throw new UploaderException("Topology package '" + path + "' is empty");
      }
      return new PackageFile(path, bytes);
    } catch (IOException e) {
      throw new UploaderException("Topology package '" + path + "' cannot be read: " + e, e);
    }
  }

  /** Its content; what is read is counted. */
  public InputStream open(Meter meter) throws IOException {
    return new FilterInputStream(Files.newInputStream(path)) {
      @Override
      public int read() throws IOException {
        int octet = super.read();
        meter.add(octet < 0 ? 0 : 1);
        return octet;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        meter.add(Math.max(0, read));
        return read;
      }
    };
  }
}
