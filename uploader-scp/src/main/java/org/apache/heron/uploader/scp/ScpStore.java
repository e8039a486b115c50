package org.apache.heron.uploader.scp;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.heron.uploader.store.Meter;
import org.apache.heron.uploader.store.PackageFile;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreException;

/**
 * A file in a directory of another host. It is written beside its place and moved there; what it
 * replaces stays beside it under another name.
 */
final class ScpStore implements PackageStore {
  private final RemoteHost copying;
  private final RemoteHost commanding;
  private final String host;
  private final String directory;
  private final String target;
  private final String fresh;
  private final String previous;
  private final URI uri;
  private long bytes;

  /**
   * @param copying where the file is written to
   * @param commanding where the shell's commands run; may be the same object
   * @param path of the package there; nothing in it means anything to a shell
   */
  ScpStore(RemoteHost copying, RemoteHost commanding, String host, String path, URI uri) {
    this.copying = copying;
    this.commanding = commanding;
    this.host = host;
    this.target = path;
    this.directory = path.substring(0, path.lastIndexOf('/'));
    this.fresh = path + ".new";
    this.previous = path + ".previous";
    this.uri = uri;
  }

  @Override
  public String place() {
    return host + ":" + target;
  }

  @Override
  public void prepare() throws StoreException {
    commanding.run("mkdir -p " + directory);
  }

  @Override
  public void stage(PackageFile file, Meter meter) throws StoreException {
    meter.at(0);
    bytes = file.bytes();
    try (InputStream content = file.open(meter)) {
      copying.send(content, bytes, fresh);
    } catch (IOException e) {
      throw StoreException.lasting("the package cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean backUp() throws StoreException {
    // A second name where the file system has that, so that the package is never missing.
    return commanding
        .run(
            "if [ -e %1$s ]; then ln -f %1$s %2$s 2>/dev/null || cp -p %1$s %2$s && echo kept; fi"
                .formatted(target, previous))
        .contains("kept");
  }

  @Override
  public URI publish() throws StoreException {
    // Without the staged file, an earlier attempt has moved it and lost the answer only.
    commanding.run(
        ("if [ -e %1$s ]; then [ $(wc -c <%1$s) -eq %3$d ] && mv -f %1$s %2$s"
                + " || { echo 'not all %3$d bytes came' >&2; exit 3; };"
                + " else [ -e %2$s ]; fi")
            .formatted(fresh, target, bytes));
    return uri;
  }

  @Override
  public void restore() throws StoreException {
    commanding.run("if [ -e %1$s ]; then mv -f %1$s %2$s; fi".formatted(previous, target));
  }

  @Override
  public void withdraw() throws StoreException {
    commanding.run("rm -f " + target);
  }

  @Override
  public void discard() throws StoreException {
    commanding.run(
        "rm -f %s %s && { [ -e %s ] || rmdir %s 2>/dev/null || true; }"
            .formatted(fresh, previous, target, directory));
  }

  @Override
  public void close() {
    copying.close();
    commanding.close();
  }
}
