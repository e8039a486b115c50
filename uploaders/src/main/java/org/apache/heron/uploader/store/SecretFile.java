package org.apache.heron.uploader.store;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.uploader.UploadProgress;

/** Secrets that a key of the configuration names a file for. They are never in a message. */
public final class SecretFile {
  /** Longer files are no secrets. */
  private static final int MOST_BYTES = 64 * 1024;

  private SecretFile() {}

  /**
   * The secret; empty if the key is not set. Warns if everybody on this host may read the file.
   *
   * @throws ConfigException if there is no secret in it; names file and key
   */
  public static Optional<String> read(Config config, String key, UploadProgress progress) {
    return config.optionalPath(key).map(file -> word(config, key, file, progress));
  }

  /** As {@link #read}, of a secret that may have spaces in it: one line, without its end. */
  public static Optional<String> readLine(Config config, String key, UploadProgress progress) {
    return config
        .optionalPath(key)
        .map(
            file -> {
              String line = content(config, key, file, progress).replaceFirst("\\R$", "");
              if (line.isEmpty() || line.chars().anyMatch(Character::isISOControl)) {
                throw config.malformed(key, file, "a file with one line in it, the secret");
              }
              return line;
            });
  }

  private static String word(Config config, String key, Path file, UploadProgress progress) {
    String secret = content(config, key, file, progress).strip();
    if (secret.isEmpty() || secret.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw config.malformed(key, file, "a file with one word in it, the secret");
    }
    return secret;
  }

  private static String content(Config config, String key, Path file, UploadProgress progress) {
    String secret;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      secret = Files.readString(file);
    } catch (IOException e) {
      throw config.malformed(key, file, "a file that can be read: " + reason(e));
    }
    if (isExposed(file)) {
      progress.notice("Others can read the secret in '" + file + "': chmod 600 " + file);
    }
    return secret;
  }

  private static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "there is none";
    }
    return failure instanceof CharacterCodingException
        ? "it is no text in UTF-8"
        : failure.getMessage();
  }

  private static boolean isExposed(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      // The file could be read just now; a file system without permissions says nothing.
      return false;
    }
  }
}
