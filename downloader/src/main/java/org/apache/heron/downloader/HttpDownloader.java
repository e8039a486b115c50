package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.heron.downloader.fetch.HttpFetch;

/** Fetches by http and https. */
public final class HttpDownloader implements Downloader {
  /** Created by the name in {@code heron.downloader.registry}. */
  public HttpDownloader() {}

  @Override
  public void download(URI uri, Path file) throws IOException, InterruptedException {
    HttpFetch.usual().fetch(uri, HttpFetch.NO_HEADERS, file);
  }
}
