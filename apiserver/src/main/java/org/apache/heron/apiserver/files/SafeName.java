package org.apache.heron.apiserver.files;

/** Makes of the name that a client gives to a file one that is a name and nothing else. */
public final class SafeName {
  private static final int MOST = 128;

  private SafeName() {}

  /**
   * The last part of the path, in letters, digits and {@code . _ + -}, without a dot at its
   * beginning; of long names the end is kept, because it says the type.
   */
  public static String of(String given) {
    String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    String plain = last.replaceAll("[^A-Za-z0-9._+-]", "_");
    if (plain.length() > MOST) {
      plain = plain.substring(plain.length() - MOST);
    }
    plain = plain.replaceFirst("^[.-]+", "");
    return plain.isEmpty() ? "file" : plain;
  }
}
