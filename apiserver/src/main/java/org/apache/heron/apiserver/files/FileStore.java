package org.apache.heron.apiserver.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.heron.client.ClientException;
import org.apache.heron.web.FormPart;
import org.apache.heron.web.HttpError;

/**
 * Files that were uploaded, each under a name of its own that cannot be guessed: none ever replaces
 * another. Thread-safe.
 */
public final class FileStore implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9._+-]*");
  private static final Pattern OURS =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[A-Za-z0-9._+-]+");

  private final Path directory;
  private final WorkDirectory work;

  private FileStore(Path directory, WorkDirectory work) {
    this.directory = directory;
    this.work = work;
  }

  /**
   * Opens the store, which is made if it is not there.
   *
   * @param source says where the directory is configured, for the message
   * @throws ClientException if it cannot be used
   */
  public static FileStore open(Path directory, String source) {
    try {
      Files.createDirectories(directory);
      return new FileStore(directory, WorkDirectory.in(directory));
    } catch (IOException e) {
      throw new ClientException(
          "The directory for uploads '" + directory + "' (" + source + ") cannot be used: " + e, e);
    }
  }

  /** Where things are until they are finished. */
  public WorkDirectory work() {
    return work;
  }

  /**
   * Keeps an uploaded file.
   *
   * @return its name in the store
   * @throws HttpError 507 if it cannot be stored; nothing is left then
   */
  public String keep(FormPart part) {
    String name = UUID.randomUUID() + "-" + SafeName.of(part.fileName().orElse(""));
    Path half = work.path().resolve(name);
    part.copyTo(half);
    try {
      Files.move(half, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      return name;
    } catch (IOException e) {
      HttpError error = new HttpError(507, "cannot store the upload: " + e);
      try {
        Files.deleteIfExists(half);
      } catch (IOException again) {
        error.addSuppressed(again);
      }
      throw error;
    }
  }

  /** The file of that name; empty if there is none, or the name is more than a name. */
  public Optional<Path> find(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Path file = directory.resolve(name);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(file)
        : Optional.empty();
  }

  /**
   * Removes a file that was uploaded; others that lie there are not ours to remove.
   *
   * @return false if there is none
   */
  public boolean delete(String name) throws IOException {
    return OURS.matcher(name).matches() && Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void close() {
    work.close();
  }
}
