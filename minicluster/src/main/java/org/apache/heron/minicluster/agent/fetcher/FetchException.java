package org.apache.heron.minicluster.agent.fetcher;

/** A URI could not be brought into a sandbox; the message names it and why. */
public final class FetchException extends Exception {
  private static final long serialVersionUID = 1L;

  FetchException(String message) {
    super(message);
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
