package org.apache.heron.client.dryrun;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a dry run is shown. */
public enum DryRunFormat {
  /** The plan's own text. */
  RAW,
  /** A table for each container. */
  TABLE,
  /** As {@link #TABLE}, with colours. */
  COLORED_TABLE,
  /** One line of JSON. */
  JSON;

  /** The format of that name, in lower case as on the command line. */
  public static Optional<DryRunFormat> of(String text) {
    return Arrays.stream(values()).filter(format -> format.text().equals(text)).findFirst();
  }

  /** The name on the command line. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names, for messages. */
  public static String names() {
    return Arrays.stream(values()).map(DryRunFormat::text).collect(Collectors.joining(", "));
  }
}
