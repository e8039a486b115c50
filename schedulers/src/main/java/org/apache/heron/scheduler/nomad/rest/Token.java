package org.apache.heron.scheduler.nomad.rest;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/** A secret that opens Nomad; its text shows nothing of it. Immutable. */
final class Token {
  static final String FILE_KEY = "heron.nomad.acl.token.file";

  /** As for Nomad's own command line. */
  static final String VARIABLE = "NOMAD_TOKEN";

  /** Longer ones are no tokens: Nomad's are UUIDs, and JSON web tokens have a few kilobytes. */
  private static final int MOST_BYTES = 16 * 1024;

  private final String secret;
  private final String source;

  private Token(String secret, String source) {
    this.secret = secret;
    this.source = source;
  }

  /**
   * The file's token or else the environment's; empty if there is neither.
   *
   * @throws ConfigException if the file cannot be read, or holds no token
   */
  static Optional<Token> of(Config config, Map<String, String> environment) {
    Optional<Path> file = config.optionalPath(FILE_KEY);
    if (file.isPresent()) {
      return Optional.of(checked(read(file.get()), file.get() + " (" + FILE_KEY + ")"));
    }
    String variable = environment.getOrDefault(VARIABLE, "").strip();
    return variable.isEmpty()
        ? Optional.empty()
        : Optional.of(checked(variable, "the environment's " + VARIABLE));
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigException(
          "Nomad's token cannot be read from "
              + file
              + ": "
              + (e instanceof NoSuchFileException
                  ? "no such file"
                  : e instanceof CharacterCodingException ? "it is no text" : e.getMessage())
              + " ("
              + FILE_KEY
              + ")",
          e);
    }
  }

  private static Token checked(String secret, String source) {
    boolean sendable = secret.chars().allMatch(character -> character > ' ' && character < 0x7f);
    if (secret.isEmpty() || !sendable) {
      throw new ConfigException(
          "there is no Nomad token in "
              + source
              + (secret.isEmpty() ? ": it is empty" : ": it is not one word"));
    }
    return new Token(secret, source);
  }

  /** For a request's header. */
  String secret() {
    return secret;
  }

  /** Where it comes from. */
  String source() {
    return source;
  }

  @Override
  public String toString() {
    return "a token from " + source;
  }
}
