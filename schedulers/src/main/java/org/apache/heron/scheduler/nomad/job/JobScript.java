package org.apache.heron.scheduler.nomad.job;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;

/** What a container runs on a node without Docker; users may have their own. */
final class JobScript {
  private static final String FILE_KEY = "heron.scheduler.job.template";
  private static final String DEFAULT = "heron_nomad.sh";
  private static final int MOST_BYTES = 256 * 1024;

  private JobScript() {}

  /**
   * The script's text.
   *
   * @throws ConfigException if it cannot be read, or Nomad would take parts of it for its own
   */
  static String read(Config local) {
    Optional<Path> configured = local.optionalPath(FILE_KEY);
    Path file = configured.orElseGet(() -> local.path(Key.HERON_CONF).resolve(DEFAULT));
    String source =
        configured.isPresent()
            ? FILE_KEY + ", from " + local.sourceOf(FILE_KEY)
            : "another file: " + FILE_KEY;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      String text = Files.readString(file);
      if (text.contains("{{")) {
        throw new ConfigException(
            "the script "
                + file
                + " ("
                + source
                + ") holds '{{', which Nomad takes for a template");
      }
      return text;
    } catch (IOException e) {
      throw new ConfigException(
          "the script "
              + file
              + " ("
              + source
              + ") cannot be read: "
              + (e instanceof NoSuchFileException
                  ? "no such file"
                  : e instanceof CharacterCodingException ? "it is no text" : e.getMessage()),
          e);
    }
  }
}
