package org.apache.heron.uploader;

import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/** The file name under which stores keep a topology's package. */
public final class PackageName {
  private PackageName() {}

  /** {@code <topology>-<role>-tag-0.tar.gz}, as upstream names it. */
  public static String of(Config config) {
    return config.string(Key.TOPOLOGY_NAME)
        + "-"
        + config.optionalString(Key.ROLE).orElse("")
        + "-tag-0.tar.gz";
  }
}
