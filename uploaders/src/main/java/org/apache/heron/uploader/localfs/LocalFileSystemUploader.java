package org.apache.heron.uploader.localfs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.IUploader;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.PackageName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the package into a directory that agents see under the same path: the same host, or a
 * shared file system.
 *
 * <p>A reader never sees half a package: it is written beside the target and moved over it. What
 * was there before stays until {@link #close}, so that {@link #undo} can restore it. Not
 * thread-safe.
 */
public final class LocalFileSystemUploader implements IUploader {
  private static final Logger LOG = LoggerFactory.getLogger(LocalFileSystemUploader.class);
  private static final String DIRECTORY_KEY = "heron.uploader.localfs.file.system.directory";

  private Config config;
  private Path target;
  private boolean uploaded;
  private boolean replaced;

  /** Created by the name in {@code heron.class.uploader}. */
  public LocalFileSystemUploader() {}

  @Override
  public void initialize(Config config) {
    this.config = config;
    this.target = directory(config).resolve(PackageName.of(config)).toAbsolutePath().normalize();
  }

  private static Path directory(Config config) {
    return config
        .optionalString(DIRECTORY_KEY)
        .map(Path::of)
        .orElseGet(
            () ->
                Path.of(
                    System.getProperty("user.home"),
                    ".herondata",
                    "repository",
                    config.string(Key.CLUSTER),
                    config.string(Key.ROLE),
                    config.string(Key.TOPOLOGY_NAME)));
  }

  @Override
  public URI uploadPackage() {
    Path source = Path.of(config.string(Key.TOPOLOGY_PACKAGE_FILE));
    if (!Files.isRegularFile(source)) {
      throw new UploaderException("Topology package '" + source + "' does not exist");
    }
    URI uri = uri();
    Path fresh = sibling(".new");
    try {
      Files.createDirectories(target.getParent());
      Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
      if (Files.exists(target)) {
        Files.copy(target, sibling(".previous"), StandardCopyOption.REPLACE_EXISTING);
        replaced = true;
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      uploaded = true;
      return uri;
    } catch (IOException e) {
      forget(fresh);
      forget(sibling(".previous"));
      removeEmptyDirectory();
      throw new UploaderException(
          "Cannot copy the topology package '"
              + source
              + "' to '"
              + target
              + "' ("
              + e
              + "); check "
              + DIRECTORY_KEY,
          e);
    }
  }

  /** Mesos' fetcher takes what follows {@code file://} as it stands, without decoding it. */
  private URI uri() {
    URI uri = target.toUri();
    if (!uri.getRawPath().equals(target.toString())) {
      throw new UploaderException(
          "The package path '"
              + target
              + "' has characters that cannot stand in a URI; change "
              + DIRECTORY_KEY
              + ", the role or the topology's name");
    }
    return uri;
  }

  @Override
  public boolean undo() {
    if (!uploaded) {
      return true;
    }
    try {
      if (replaced) {
        Files.move(sibling(".previous"), target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.deleteIfExists(target);
        removeEmptyDirectory();
      }
      uploaded = false;
      replaced = false;
      return true;
    } catch (IOException e) {
      LOG.warn("Cannot take back the upload of {}: {}", target, e.toString());
      return false;
    }
  }

  @Override
  public void delete() {
    try {
      Files.deleteIfExists(target);
      Files.deleteIfExists(sibling(".previous"));
      Files.deleteIfExists(sibling(".new"));
    } catch (IOException e) {
      throw new UploaderException("Cannot delete the topology package '" + target + "': " + e, e);
    }
    removeEmptyDirectory();
  }

  @Override
  public void close() {
    if (replaced) {
      forget(sibling(".previous"));
      replaced = false;
    }
  }

  private Path sibling(String suffix) {
    return target.resolveSibling(target.getFileName() + suffix);
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("Cannot delete {}: {}", file, e.toString());
    }
  }

  private void removeEmptyDirectory() {
    try {
      Files.delete(target.getParent());
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Nothing to remove, or others' packages are in it.
    } catch (IOException e) {
      LOG.warn("Cannot delete directory {}: {}", target.getParent(), e.toString());
    }
  }
}
