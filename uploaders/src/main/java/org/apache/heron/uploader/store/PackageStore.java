package org.apache.heron.uploader.store;

import java.net.URI;

/**
 * One topology's place in a store. The steps of an upload are called in the order in which they
 * stand here; each may be called again after it has thrown, and then does what is still to be done.
 * Not thread-safe.
 */
public interface PackageStore extends AutoCloseable {
  /** Where the package goes, for messages; without secrets. */
  String place();

  /** Makes sure that the place is there, and that it can be named in a URI. */
  void prepare() throws StoreException, InterruptedException;

  /** Brings the content to the store, where no reader finds it yet. */
  void stage(PackageFile file, Meter meter) throws StoreException, InterruptedException;

  /** Keeps what is at the place, if anything is; false if nothing is. */
  boolean backUp() throws StoreException, InterruptedException;

  /** Makes the package appear, whole, at the place; returns what containers fetch it from. */
  URI publish() throws StoreException, InterruptedException;

  /** Puts back what was kept. */
  void restore() throws StoreException, InterruptedException;

  /** Removes the package; fine if there is none. */
  void withdraw() throws StoreException, InterruptedException;

  /** Removes everything but the package: what was staged, what was kept, empty directories. */
  void discard() throws StoreException, InterruptedException;

  /** Ends connections; does not throw. */
  @Override
  void close();
}
