package org.apache.heron.cli.legacy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key of the configuration of 2016, and what is written instead: a line of {@code old-keys.txt}.
 *
 * @param pattern the key, with {@code *} for any text
 * @param now the key of today; empty if there is none
 * @param note what to do instead, or why nothing is to be done
 */
record OldKey(String pattern, How how, String now, String note) {
  private static final String RESOURCE = "old-keys.txt";

  /** Every key that is known, in the order in which they are looked up. */
  static final List<OldKey> ALL = read();

  /** How a value is carried over. */
  enum How {
    /** As it is. */
    SAME,
    /** A class whose name has changed. */
    CLASS,
    /** The core package, or the directory that holds it. */
    CORE,
    /** A path, where a URI is wanted now. */
    FILE,
    /** Host and port are two keys. */
    ZOOKEEPER,
    /** A host through which ssh goes; empty for none. */
    TUNNEL,
    /** Part of the topology's place, which is an argument. */
    PLACE,
    /** A switch of the command. */
    SWITCH,
    /** For one cluster and environment only, which the key's last words name. */
    MASTER,
    /** Not at all. */
    NOT
  }

  /** The old key of that name. */
  static Optional<OldKey> find(String name) {
    return ALL.stream().filter(key -> key.matches(name)).findFirst();
  }

  private boolean matches(String name) {
    if (!pattern.contains("*")) {
      return pattern.equals(name);
    }
    return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.+\\Q"), name);
  }

  private static List<OldKey> read() {
    try (InputStream in = OldKey.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<OldKey> keys = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          keys.add(parse(line));
        }
      }
      return List.copyOf(keys);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  private static OldKey parse(String line) {
    String[] fields = line.split("\\|", 4);
    if (fields.length != 4) {
      throw new IllegalStateException(RESOURCE + " needs four fields in: " + line);
    }
    String now = fields[2].strip();
    return new OldKey(
        fields[0].strip(),
        How.valueOf(fields[1].strip().toUpperCase(Locale.ROOT)),
        now.equals("-") ? "" : now,
        fields[3].strip());
  }
}
