package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies a file of this host, or of a file system that it shares. */
public final class FileDownloader implements Downloader {
  /** Created by the name in {@code heron.downloader.registry}. */
  public FileDownloader() {}

  @Override
  public void download(URI uri, Path file) throws IOException {
    String host = uri.getHost();
    if (host != null && !host.equals("localhost")) {
      throw new IOException("it names host '" + host + "', but files are looked for here only");
    }
    if (uri.getPath() == null || uri.getPath().isEmpty()) {
      throw new IOException("it names no file");
    }
    Path source = Path.of(uri.getPath());
    if (!Files.isRegularFile(source)) {
      throw new IOException(
          Files.exists(source) ? "it is no file" : "there is no such file on this host");
    }
    if (!Files.isReadable(source)) {
      throw new IOException("user '" + System.getProperty("user.name") + "' may not read it");
    }
    long size = Files.size(source);
    Files.copy(source, file);
    if (Files.size(file) != size) {
      throw new IOException("it changed while it was copied");
    }
  }
}
