package org.apache.heron.cli.legacy;

/** An old command line that is not understood; the message is one line for the user. */
final class OldUsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OldUsageException(String message) {
    super(message);
  }
}
