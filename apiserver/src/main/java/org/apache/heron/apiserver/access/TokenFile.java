package org.apache.heron.apiserver.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.heron.client.ClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that callers must know. The file may be replaced while the server runs. Thread-safe;
 * only {@link #refresh} reads the file.
 */
public final class TokenFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

  private final Path file;
  private volatile byte[] digest;

  private TokenFile(Path file, byte[] digest) {
    this.file = file;
    this.digest = digest;
  }

  /**
   * Reads the token.
   *
   * @throws ClientException if there is none
   */
  public static TokenFile read(Path file) {
    try {
      TokenFile read = new TokenFile(file, digest(token(file)));
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        LOG.warn("every user of this host can read the token in {}; chmod 600 it", file);
      }
      return read;
    } catch (IOException e) {
      throw new ClientException(
          "The token file '" + file + "' (--token-file) cannot be read: " + e.getMessage(), e);
    }
  }

  private static String token(Path file) throws IOException {
    String token = Files.readString(file).strip();
    // RFC 6750: what a header can carry; short ones can be guessed.
    if (token.length() < 8 || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IOException("it must hold one token of 8 or more printing characters");
    }
    return token;
  }

  /** Reads the file again; the token stays if that is not possible. */
  public void refresh() {
    try {
      digest = digest(token(file));
    } catch (IOException e) {
      LOG.warn("the token of before holds on: {} cannot be read: {}", file, e.getMessage());
    }
  }

  /** True if that is the token; takes the same time whatever it is. */
  boolean is(String candidate) {
    return MessageDigest.isEqual(digest, digest(candidate));
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
