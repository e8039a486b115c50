package org.apache.heron.web;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/**
 * One part of a form.
 *
 * @param fileName as the client gave it: not to be trusted as a path; empty if the part is no file
 * @param start of its content in the body's file
 * @param length of its content in bytes
 */
public record FormPart(Path body, String name, Optional<String> fileName, long start, long length) {
  private static final int MOST_TEXT_BYTES = 65_536;

  /** Reads a part's headers, each on a line behind CR and LF. */
  static FormPart of(Path body, String headers, long start, long length) {
    for (String line : headers.split("\r\n")) {
      int colon = line.indexOf(':');
      boolean disposition =
          colon > 0
              && line.substring(0, colon)
                  .trim()
                  .toLowerCase(Locale.ROOT)
                  .equals("content-disposition");
      if (disposition) {
        HeaderValue value = HeaderValue.parse(line.substring(colon + 1));
        String name =
            value
                .parameter("name")
                .orElseThrow(() -> Multipart.malformed("a part has no name: " + line.strip()));
        return new FormPart(body, name, value.parameter("filename"), start, length);
      }
    }
    throw Multipart.malformed("a part has no Content-Disposition");
  }

  /**
   * The content as UTF-8.
   *
   * @throws HttpError 413 if it is larger than 64 KiB
   */
  public String text() {
    if (length > MOST_TEXT_BYTES) {
      throw new HttpError(413, "field '" + name + "' is larger than " + MOST_TEXT_BYTES + " bytes");
    }
    try (FileSearch search = FileSearch.open(body)) {
      return search.utf8(start, (int) length);
    } catch (IOException e) {
      throw new HttpError(500, "cannot read the upload again: " + e.getMessage());
    }
  }

  /**
   * Writes the content to a file that must not exist yet; half a copy is removed.
   *
   * @throws HttpError 507 if it cannot be written
   */
  public void copyTo(Path target) {
    try (FileChannel in = FileChannel.open(body, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      long done = 0;
      while (done < length) {
        long copied = in.transferTo(start + done, length - done, out);
        if (copied <= 0) {
          throw new IOException("the upload has become shorter");
        }
        done += copied;
      }
    } catch (IOException e) {
      HttpError error =
          new HttpError(507, "cannot store the upload of '" + name + "': " + e.getMessage());
      try {
        if (!(e instanceof java.nio.file.FileAlreadyExistsException)) {
          Files.deleteIfExists(target);
        }
      } catch (IOException again) {
        error.addSuppressed(again);
      }
      throw error;
    }
  }
}
