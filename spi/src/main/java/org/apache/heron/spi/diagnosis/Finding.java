package org.apache.heron.spi.diagnosis;

import java.util.Optional;

/**
 * What one check found; immutable.
 *
 * @param check what was looked at, in a word or two: {@code master}, {@code clock}
 * @param message what is so, in one line with the values
 * @param remedy what to do, in one line; there is one for every warning and failure
 */
public record Finding(String check, Verdict verdict, String message, Optional<String> remedy) {

  /** How it stands. */
  public enum Verdict {
    /** As it should be. */
    OK,
    /** Not looked at; the message says why. */
    SKIPPED,
    /** It may work, but is not as it should be. */
    WARNING,
    /** It cannot work. */
    FAILED
  }

  public Finding {
    message = line(message);
    remedy = remedy.map(Finding::line);
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  public static Finding ok(String check, String message) {
    return new Finding(check, Verdict.OK, message, Optional.empty());
  }

  public static Finding skipped(String check, String message) {
    return new Finding(check, Verdict.SKIPPED, message, Optional.empty());
  }

  public static Finding warning(String check, String message, String remedy) {
    return new Finding(check, Verdict.WARNING, message, Optional.of(remedy));
  }

  public static Finding failed(String check, String message, String remedy) {
    return new Finding(check, Verdict.FAILED, message, Optional.of(remedy));
  }
}
