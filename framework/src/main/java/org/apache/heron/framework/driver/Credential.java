package org.apache.heron.framework.driver;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the framework is to the master. The secret stays in its file and is read at each connection,
 * so that a corrected file helps without a restart; it is never logged. Immutable.
 *
 * @param secretFile its content, without a line end, is the secret
 */
public record Credential(String principal, Path secretFile) {
  /** The configuration key of the principal. */
  public static final String PRINCIPAL_KEY = "heron.mesos.principal";

  /** The configuration key of the secret's file. */
  public static final String SECRET_FILE_KEY = "heron.mesos.secret.file";

  private static final Logger LOG = LoggerFactory.getLogger(Credential.class);

  /** Longer files are no secrets. */
  private static final int MOST_BYTES = 64 * 1024;

  /**
   * The value of the header {@code Authorization}.
   *
   * @throws IOException if the secret cannot be read; the message names file and principal
   */
  String basic() throws IOException {
    byte[] pair = (principal + ":" + secret()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /**
   * Checks that there is a secret, and that the principal can be told from it.
   *
   * @throws IOException if not; the message names file and principal
   */
  public void check() throws IOException {
    if (principal.isBlank() || principal.contains(":")) {
      throw new IOException(
          PRINCIPAL_KEY + " is '" + principal + "', but must be a name without a colon");
    }
    secret();
  }

  /** The secret itself. */
  String secret() throws IOException {
    String secret;
    try {
      if (Files.size(secretFile) > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      secret = Files.readString(secretFile).strip();
    } catch (IOException e) {
      throw new IOException(
          "the secret of principal '"
              + principal
              + "' cannot be read from "
              + secretFile
              + ": "
              + reason(e)
              + " ("
              + SECRET_FILE_KEY
              + ")",
          e);
    }
    if (secret.isEmpty()) {
      throw new IOException(
          "the file " + secretFile + " with the secret of principal '" + principal + "' is empty");
    }
    return secret;
  }

  private static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    }
    return failure instanceof CharacterCodingException
        ? "it is no text in UTF-8"
        : failure.getMessage();
  }

  /** Warns in the log if others than the owner can read the secret. */
  void warnIfExposed() {
    if (isExposed()) {
      LOG.warn("others can read the secret of principal '{}': chmod 600 {}", principal, secretFile);
    }
  }

  /** True if everyone on this host can read the file; false if that cannot be told. */
  boolean isExposed() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(secretFile);
      return permissions.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      // A file that cannot be looked at is reported when the secret is read.
      return false;
    }
  }
}
