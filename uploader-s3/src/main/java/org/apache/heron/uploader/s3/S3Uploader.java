package org.apache.heron.uploader.s3;

import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreTimes;
import org.apache.heron.uploader.store.StoreUploader;

/**
 * Puts the package into a bucket as {@code <prefix>/<topology>/<file name>}, as upstream does; what
 * it replaces is kept as {@code previous_<file name>} until the submit has succeeded.
 */
public final class S3Uploader extends StoreUploader {
  /** Created by the name in {@code heron.class.uploader}. */
  public S3Uploader() {}

  @Override
  protected PackageStore store(Config config, UploadProgress progress) {
    S3Settings settings = S3Settings.of(config, progress);
    return new S3Store(settings, new S3Connection(settings, StoreTimes.of(config)));
  }
}
