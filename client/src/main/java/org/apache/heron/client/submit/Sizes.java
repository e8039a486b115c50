package org.apache.heron.client.submit;

import java.util.Locale;

/** Sizes of files, for people. */
final class Sizes {
  private Sizes() {}

  /** Such as {@code 512 bytes}, {@code 3.2 MB} or {@code 40 MB}. */
  static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    double amount = bytes / 1024.0;
    for (String unit : new String[] {"kB", "MB"}) {
      if (amount < 1024) {
        return String.format(Locale.ROOT, amount < 10 ? "%.1f %s" : "%.0f %s", amount, unit);
      }
      amount /= 1024;
    }
    return String.format(Locale.ROOT, "%.1f GB", amount);
  }
}
