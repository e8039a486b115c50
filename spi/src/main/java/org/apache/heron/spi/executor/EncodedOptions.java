package org.apache.heron.spi.executor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * JVM options as they travel on the executor's command line: base64 in literal double quotes, with
 * {@code (61)} for {@code =}, so that neither a shell nor upstream's flag parser can trip over
 * them.
 */
public final class EncodedOptions {
  private static final String EQUALS = "(61)";

  /** Written for {@code =} by releases before 2018-03-18; still read. */
  private static final String OLD_EQUALS = "&equals;";

  private EncodedOptions() {}

  /** The encoded form; {@code ""} (two quote characters) for an empty text. */
  public static String encode(String options) {
    String base64 = Base64.getEncoder().encodeToString(options.getBytes(StandardCharsets.UTF_8));
    return '"' + base64.replace("=", EQUALS) + '"';
  }

  /**
   * The text of an encoded form, with or without its quotes.
   *
   * @throws IllegalArgumentException if it is not base64; the message holds the value
   */
  public static String decode(String encoded) {
    String base64 = encoded.strip();
    while (base64.startsWith("\"")) {
      base64 = base64.substring(1);
    }
    while (base64.endsWith("\"")) {
      base64 = base64.substring(0, base64.length() - 1);
    }
    base64 = base64.replace(EQUALS, "=").replace(OLD_EQUALS, "=");
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + encoded + "' is not base64: " + e.getMessage(), e);
    }
  }
}
