package org.apache.heron.uploader.store;

import java.net.URI;
import java.util.Objects;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.IUploader;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An uploader over a {@link PackageStore}. It tries again what may pass, never lets half a package
 * be seen, and takes back what it did: at once if the upload fails, later if {@link #undo} says so.
 * What was there before stays until {@link #close}. Not thread-safe.
 */
public abstract class StoreUploader implements IUploader {
  private static final Logger LOG = LoggerFactory.getLogger(StoreUploader.class);

  private UploadProgress progress = UploadProgress.NONE;
  private Config config;
  private RetryPolicy policy;
  private PackageStore store;
  private boolean staged;
  private boolean replaced;
  private boolean published;
  private boolean takenBack;

  /** For the uploaders of each kind of store. */
  protected StoreUploader() {}

  /**
   * The place of this topology's package. Looks at the configuration only; connects later.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a key is missing or malformed
   */
  protected abstract PackageStore store(Config config, UploadProgress progress);

  @Override
  public final void progress(UploadProgress listener) {
    this.progress = Objects.requireNonNull(listener);
  }

  @Override
  public final void initialize(Config configuration) {
    this.config = configuration;
    this.policy = RetryPolicy.of(configuration);
    this.store = store(configuration, progress);
  }

  @Override
  public final URI uploadPackage() {
    PackageFile file = PackageFile.of(config);
    try {
      return upload(file, new Retry(policy, progress));
    } catch (StoreException e) {
      takeBack(policy);
      throw new UploaderException(failed(file, e.getMessage()), e);
    } catch (InterruptedException e) {
      takeBack(RetryPolicy.ONCE);
      Thread.currentThread().interrupt();
      throw new UploaderException(failed(file, "interrupted"), e);
    } catch (RuntimeException e) { // a defect must leave nothing in the store either
      takeBack(policy);
      throw e;
    }
  }

  private URI upload(PackageFile file, Retry retry) throws StoreException, InterruptedException {
    takenBack = false;
    retry.run(
        () -> {
          store.prepare();
          return null;
        });
    staged = true;
    retry.run(
        () -> {
          store.stage(file, new Meter(progress, file.bytes()));
          return null;
        });
    replaced = retry.run(store::backUp);
    // From here on the package may be there, even if the store does not say so.
    published = true;
    return retry.run(store::publish);
  }

  private String failed(PackageFile file, String reason) {
    return "Cannot upload the topology package '%s' to %s: %s"
        .formatted(file.path(), store.place(), reason);
  }

  @Override
  public final boolean undo() {
    return takeBack(policy);
  }

  /** False if something is left behind, which the user is told then. */
  private boolean takeBack(RetryPolicy attempts) {
    Retry retry = new Retry(attempts, progress);
    // An interrupt that came before must not leave half of the upload.
    boolean interrupted = Thread.interrupted();
    boolean whole = true;
    takenBack = true;
    if (replaced) {
      whole = done(retry, store::restore);
    } else if (published) {
      whole = done(retry, store::withdraw);
    }
    if (whole) {
      published = false;
      replaced = false;
    }
    if (staged && whole) {
      whole = done(retry, store::discard);
      staged = !whole;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return whole;
  }

  /** A step without result. */
  private interface Action {
    void run() throws StoreException, InterruptedException;
  }

  private boolean done(Retry retry, Action action) {
    try {
      retry.run(
          () -> {
            action.run();
            return null;
          });
      return true;
    } catch (StoreException e) {
      LOG.debug("cannot take back the upload to {}", store.place(), e);
      progress.notice(
          "The upload to " + store.place() + " could not be taken back: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      progress.notice("Taking back the upload to " + store.place() + " was interrupted");
    }
    return false;
  }

  @Override
  public final void delete() {
    Retry retry = new Retry(policy, progress);
    try {
      retry.run(
          () -> {
            store.withdraw();
            store.discard();
            return null;
          });
    } catch (StoreException e) {
      throw new UploaderException(
          "Cannot delete the topology package at %s: %s".formatted(store.place(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UploaderException(
          "Deleting the topology package at %s was interrupted".formatted(store.place()), e);
    }
  }

  @Override
  public final void close() {
    if (store == null) {
      return;
    }
    // What could not be put back is all that is left of the former package.
    if (published && replaced && !takenBack) {
      done(new Retry(RetryPolicy.ONCE, progress), store::discard);
      replaced = false;
    }
    store.close();
  }
}
