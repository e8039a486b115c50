package org.apache.heron.client.definition;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.client.ClientException;

/**
 * The environment variable {@code HERON_OPTIONS}, by which a topology's main learns where to write
 * its definition: {@code key=value,key=value} with {@code %%%%} for a space.
 *
 * <p>The API's reader keeps only entries with exactly one equals sign, and cannot read a comma in a
 * value; such values are left out, because the API would misread them.
 */
final class HeronOptions {
  /** Name of the variable. */
  static final String VARIABLE = "HERON_OPTIONS";

  private final Map<String, String> options = new LinkedHashMap<>();

  /**
   * @throws ClientException if the directory's name cannot be passed
   */
  HeronOptions(Path definitionDirectory) {
    String directory = definitionDirectory.toString();
    if (!passable(directory)) {
      throw new ClientException(
          "The temporary directory '"
              + directory
              + "' must not have a comma or an equals sign in its name; set java.io.tmpdir");
    }
    put("cmdline.topologydefn.tmpdirectory", directory);
  }

  /** Adds an option, unless its value cannot be passed. */
  HeronOptions put(String key, String value) {
    if (passable(value)) {
      options.put(key, value);
    }
    return this;
  }

  private static boolean passable(String value) {
    return value.indexOf(',') < 0 && value.indexOf('=') < 0;
  }

  /** The variable's value. */
  String text() {
    StringBuilder text = new StringBuilder();
    options.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
    return text.toString().replace(" ", "%%%%");
  }
}
