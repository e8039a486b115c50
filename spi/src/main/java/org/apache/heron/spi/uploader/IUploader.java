package org.apache.heron.spi.uploader;

import java.net.URI;
import org.apache.heron.spi.config.Config;

/**
 * Puts the topology package where containers can fetch it. Named by {@code heron.class.uploader}.
 */
public interface IUploader extends AutoCloseable {
  /** Says who wants to hear of the upload; called before {@link #initialize}, if at all. */
  default void progress(UploadProgress progress) {}

  /**
   * @param config in local mode; {@code heron.topology.package.file} is the file to upload
   */
  void initialize(Config config);

  /**
   * Uploads and returns the URI to fetch the package from.
   *
   * @throws UploaderException if it cannot; nothing is left behind then
   */
  URI uploadPackage();

  /** Takes the upload back, restoring what was there before; false if it could not. */
  boolean undo();

  /**
   * True if {@link #delete} has to be told where the package is: then what {@link #uploadPackage}
   * has returned goes on record, and is {@code heron.package.topology.uri} when the topology is
   * killed. False if configuration, role and name say it.
   */
  default boolean deletesByUri() {
    return false;
  }

  /** Removes what was uploaded for this topology, after it was killed; fine if nothing is there. */
  void delete();

  @Override
  void close();
}
