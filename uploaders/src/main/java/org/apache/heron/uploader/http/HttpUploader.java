package org.apache.heron.uploader.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.PackageName;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.SecretFile;
import org.apache.heron.uploader.store.StoreTimes;
import org.apache.heron.uploader.store.StoreUploader;

/**
 * Posts the package to {@code heron.uploader.http.uri}, which answers with the URI to fetch it
 * from. {@code http://<API server>:9000/api/v1/file/upload} is such a place.
 */
public final class HttpUploader extends StoreUploader {
  static final String URI_KEY = "heron.uploader.http.uri";
  static final String TOKEN_KEY = "heron.uploader.http.token.file";

  /** Created by the name in {@code heron.class.uploader}. */
  public HttpUploader() {}

  @Override
  protected PackageStore store(Config config, UploadProgress progress) {
    URI uri = uploadUri(config);
    Optional<String> token = SecretFile.read(config, TOKEN_KEY, progress);
    return new HttpStore(
        uri,
        PackageName.of(config),
        config.optionalString(Key.TOPOLOGY_PACKAGE_URI),
        new Exchange(StoreTimes.of(config), uri, token),
        progress);
  }

  /** The server chooses the address. */
  @Override
  public boolean deletesByUri() {
    return true;
  }

  private static URI uploadUri(Config config) {
    String text = config.string(URI_KEY).trim();
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(java.util.Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the parser's words would not help more.
    }
    throw config.malformed(URI_KEY, text, "a URI like http://host:9000/api/v1/file/upload");
  }
}
