package org.apache.heron.client.definition;

import java.util.Optional;

/**
 * Finds in what a main says on standard error the one line that tells why it failed: the exception
 * that ended it, by its innermost cause, or the word of the JVM that could not start it.
 * Thread-safe.
 */
final class MainError {
  private static final String EXCEPTION = "Exception in thread \"main\" ";
  private static final String CAUSE = "Caused by: ";
  private static final String LAUNCHER = "Error: ";

  private String reason = "";

  /** Takes the next line. */
  synchronized void accept(String line) {
    if (line.startsWith(EXCEPTION)) {
      reason = line.substring(EXCEPTION.length());
    } else if (line.startsWith(CAUSE) && !reason.isEmpty()) {
      reason = line.substring(CAUSE.length());
    } else if (line.startsWith(LAUNCHER) && reason.isEmpty()) {
      reason = line.substring(LAUNCHER.length());
    }
  }

  /** The line, if there was one. */
  synchronized Optional<String> reason() {
    return reason.isBlank() ? Optional.empty() : Optional.of(reason.strip());
  }
}
