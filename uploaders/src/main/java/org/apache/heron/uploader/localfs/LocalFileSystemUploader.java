package org.apache.heron.uploader.localfs;

import java.nio.file.Path;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.PackageName;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreUploader;

/**
 * Copies the package into a directory that agents see under the same path: the same host, or a
 * shared file system.
 */
public final class LocalFileSystemUploader extends StoreUploader {
  static final String DIRECTORY_KEY = "heron.uploader.localfs.file.system.directory";

  /** Created by the name in {@code heron.class.uploader}. */
  public LocalFileSystemUploader() {}

  @Override
  protected PackageStore store(Config config, UploadProgress progress) {
    Path directory = config.optionalPath(DIRECTORY_KEY).orElseGet(() -> usualDirectory(config));
    return new PackageDirectory(
        directory.resolve(PackageName.of(config)).toAbsolutePath().normalize());
  }

  private static Path usualDirectory(Config config) {
    return Path.of(
        System.getProperty("user.home"),
        ".herondata",
        "repository",
        config.string(Key.CLUSTER),
        config.string(Key.ROLE),
        config.string(Key.TOPOLOGY_NAME));
  }
}
