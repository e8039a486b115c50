package org.apache.heron.uploader.localfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.heron.uploader.store.Meter;
import org.apache.heron.uploader.store.PackageFile;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreException;

/**
 * A file in a directory. It is written beside its place and moved there; what it replaces is kept
 * beside it too.
 */
final class PackageDirectory implements PackageStore {
  private final Path target;
  private final Path fresh;
  private final Path previous;

  PackageDirectory(Path target) {
    this.target = target;
    this.fresh = target.resolveSibling(target.getFileName() + ".new");
    this.previous = target.resolveSibling(target.getFileName() + ".previous");
  }

  @Override
  public String place() {
    return "'" + target + "'";
  }

  @Override
  public void prepare() throws StoreException {
    uri();
    try {
      Files.createDirectories(target.getParent());
    } catch (IOException e) {
      throw failed("the directory cannot be made", e);
    }
  }

  /** Mesos' fetcher takes what follows {@code file://} as it stands, without decoding it. */
  private URI uri() throws StoreException {
    URI uri = target.toUri();
    if (!uri.getRawPath().equals(target.toString())) {
      throw StoreException.lasting(
          "the path has characters that cannot stand in a URI; change "
              + LocalFileSystemUploader.DIRECTORY_KEY
              + ", the role or the topology's name");
    }
    return uri;
  }

  @Override
  public void stage(PackageFile file, Meter meter) throws StoreException {
    meter.at(0);
    try (FileChannel channel =
            FileChannel.open(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        OutputStream out = Channels.newOutputStream(channel);
        InputStream in = file.open(meter)) {
      in.transferTo(out);
      // Moved into its place only when it is on the disk.
      channel.force(true);
    } catch (IOException e) {
      throw failed("it cannot be written", e);
    }
  }

  @Override
  public boolean backUp() throws StoreException {
    try {
      if (!Files.exists(target)) {
        return false;
      }
      Files.copy(target, previous, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw failed("the package that is there cannot be kept", e);
    }
  }

  @Override
  public URI publish() throws StoreException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("it cannot be moved into its place", e);
    }
    return uri();
  }

  @Override
  public void restore() throws StoreException {
    try {
      Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("the former package, '" + previous + "', cannot be put back", e);
    }
  }

  @Override
  public void withdraw() throws StoreException {
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      throw failed("it cannot be deleted", e);
    }
  }

  @Override
  public void discard() throws StoreException {
    try {
      Files.deleteIfExists(fresh);
      Files.deleteIfExists(previous);
      if (!Files.exists(target)) {
        Files.delete(target.getParent());
      }
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Nothing to remove, or others' packages are in it.
    } catch (IOException e) {
      throw failed("temporary files beside it cannot be deleted", e);
    }
  }

  @Override
  public void close() {}

  private static StoreException failed(String what, IOException cause) {
    return StoreException.lasting(
        what + " (" + cause + "); check " + LocalFileSystemUploader.DIRECTORY_KEY, cause);
  }
}
