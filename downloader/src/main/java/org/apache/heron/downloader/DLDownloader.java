package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Stands where upstream's files name it, and says why it fetches nothing. */
public final class DLDownloader implements Downloader {
  /** Created by the name in {@code heron.downloader.registry}. */
  public DLDownloader() {}

  @Override
  public void download(URI uri, Path file) throws IOException {
    throw new IOException(
        "packages in DistributedLog, which is retired, are not supported; use another uploader");
  }
}
