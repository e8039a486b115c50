package org.apache.heron.downloader.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file is, by how it begins; names lie. */
public enum PackageKind {
  /** A tar archive compressed by gzip, as uploaders put packages. */
  GZIPPED_TAR,
  /** A tar archive. */
  TAR,
  /** A jar, a pex or another zip archive: a program, which is not unpacked. */
  ZIP;

  private static final int HEAD = 512;

  /**
   * Looks at the file.
   *
   * @throws IOException if it is nothing of these; says how it begins
   */
  public static PackageKind of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u001f\u008b")) {
      return GZIPPED_TAR;
    }
    if (text.length() == HEAD && text.startsWith("ustar", 257)) {
      return TAR;
    }
    // A pex is a zip archive with the line of its interpreter before it.
    if (text.startsWith("PK\u0003\u0004")
        || (text.startsWith("#!") && text.contains("PK\u0003\u0004"))) {
      return ZIP;
    }
    String shown =
        text.substring(0, Math.min(60, text.length())).replaceAll("[^\\x20-\\x7e]+", " ");
    throw new IOException(
        head.length == 0
            ? "it is empty"
            : "it is neither a tar archive nor a jar; it begins with '" + shown.strip() + "'");
  }
}
