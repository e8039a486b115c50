package org.apache.heron.spi.config;

import java.util.Optional;

/**
 * A key that is set but read by nobody.
 *
 * @param key as it is written
 * @param source the file (with the line) or flag that sets it
 * @param nearest the known key that is most like it, if one is like it at all
 */
public record UnknownKey(String key, String source, Optional<String> nearest) {

  /** The warning for the user, one line. */
  @Override
  public String toString() {
    return "unknown key "
        + key
        + " in "
        + source
        + nearest.map(known -> "; did you mean " + known + "?").orElse("");
  }
}
