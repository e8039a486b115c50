package org.apache.heron.client.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.heron.client.ClientException;

/** Where the distribution is unpacked. */
public final class HeronHome {
  private HeronHome() {}

  /**
   * As bin/heron says: system property {@code heron.home}, else {@code HERON_HOME}.
   *
   * @throws ClientException if neither names a directory
   */
  public static Path find() {
    String property = System.getProperty("heron.home", "");
    String variable = System.getenv().getOrDefault("HERON_HOME", "");
    String text = property.isEmpty() ? variable : property;
    if (text.isEmpty()) {
      throw new ClientException("HERON_HOME is not set; use bin/heron of the distribution");
    }
    Path home = Path.of(text);
    if (!Files.isDirectory(home)) {
      throw new ClientException("HERON_HOME '" + text + "' is not a directory");
    }
    return home;
  }
}
