package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.heron.spi.config.Config;

/** Fetches files of some URI schemes. Named by {@code heron.downloader.registry}. */
public interface Downloader {
  /** Hands over the configuration; called once, first. */
  default void initialize(Config config) {}

  /**
   * Fetches the file that the URI names.
   *
   * @param file to write; its directory is there, it is not
   * @throws IOException if not all of it could be had; the message is one line for a user
   */
  void download(URI uri, Path file) throws IOException, InterruptedException;
}
