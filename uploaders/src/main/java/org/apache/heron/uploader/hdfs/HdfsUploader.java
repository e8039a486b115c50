package org.apache.heron.uploader.hdfs;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.PackageName;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreUploader;

/** Puts the package into a directory of HDFS by {@code hadoop fs} or {@code hdfs dfs}. */
public final class HdfsUploader extends StoreUploader {
  static final String CONFIG_KEY = "heron.uploader.hdfs.config.directory";
  static final String DIRECTORY_KEY = "heron.uploader.hdfs.topologies.directory.uri";
  static final String CLIENT_KEY = "heron.uploader.hdfs.client";
  static final String LIMIT_KEY = "heron.uploader.hdfs.command.timeout.ms";

  /** Created by the name in {@code heron.class.uploader}. */
  public HdfsUploader() {}

  @Override
  protected PackageStore store(Config config, UploadProgress progress) {
    Path configDirectory = Path.of(config.string(CONFIG_KEY));
    if (!Files.isDirectory(configDirectory)) {
      throw config.malformed(CONFIG_KEY, configDirectory, "the directory with core-site.xml");
    }
    Duration limit = config.duration(LIMIT_KEY, ChronoUnit.MILLIS, Duration.ofMinutes(10));
    if (limit.isZero()) {
      throw config.malformed(LIMIT_KEY, 0, "1 or more");
    }
    String client = config.optionalString(CLIENT_KEY).orElse("hadoop").trim();
    if (client.isEmpty()) {
      throw config.malformed(CLIENT_KEY, client, "hadoop or hdfs, or a path to one of them");
    }
    return new HdfsStore(
        new HadoopClient(client, configDirectory, limit),
        directory(config),
        PackageName.of(config));
  }

  private static String directory(Config config) {
    String text = config.string(DIRECTORY_KEY).trim();
    try {
      URI uri = new URI(text);
      if (uri.isAbsolute() && uri.getRawPath() != null && uri.getRawPath().startsWith("/")) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      }
    } catch (URISyntaxException e) {
      // Said below; the parser's words would not help more.
    }
    throw config.malformed(DIRECTORY_KEY, text, "a URI like hdfs://namenode:8020/heron/topology");
  }
}
