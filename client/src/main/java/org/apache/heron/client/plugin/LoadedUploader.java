package org.apache.heron.client.plugin;

import java.net.URI;
import java.util.function.Supplier;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.IUploader;
import org.apache.heron.spi.uploader.UploadProgress;

/**
 * An uploader that is called with its class loader as the thread's: libraries look for their own
 * parts there.
 */
record LoadedUploader(IUploader uploader, ClassLoader loader) implements IUploader {
  @Override
  public void progress(UploadProgress progress) {
    run(() -> uploader.progress(progress));
  }

  @Override
  public void initialize(Config config) {
    run(() -> uploader.initialize(config));
  }

  @Override
  public URI uploadPackage() {
    return call(uploader::uploadPackage);
  }

  @Override
  public boolean undo() {
    return call(uploader::undo);
  }

  @Override
  public boolean deletesByUri() {
    return call(uploader::deletesByUri);
  }

  @Override
  public void delete() {
    run(uploader::delete);
  }

  @Override
  public void close() {
    run(uploader::close);
  }

  private void run(Runnable action) {
    call(
        () -> {
          action.run();
          return null;
        });
  }

  private <T> T call(Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
