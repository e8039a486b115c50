package org.apache.heron.uploader;

import java.net.URI;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.IUploader;

/** Uploads nothing; for schedulers whose containers need no package. */
public final class NullUploader implements IUploader {
  private static final URI NOWHERE = URI.create("null://uploader:9519/w#lanfang");

  /** Created by the name in {@code heron.class.uploader}. */
  public NullUploader() {}

  @Override
  public void initialize(Config config) {}

  @Override
  public URI uploadPackage() {
    return NOWHERE;
  }

  @Override
  public boolean undo() {
    return true;
  }

  @Override
  public void delete() {}

  @Override
  public void close() {}
}
