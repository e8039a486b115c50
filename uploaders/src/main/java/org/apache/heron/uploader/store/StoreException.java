package org.apache.heron.uploader.store;

/** A step that a store did not carry out. The message is one line and says what to do. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  private StoreException(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /** A fault that may be over in a moment: nobody listens, too busy, no answer in time. */
  public static StoreException passing(String message, Throwable cause) {
    return new StoreException(message, true, cause);
  }

  /** A fault that another attempt meets again: wrong credentials, no such bucket, disk full. */
  public static StoreException lasting(String message, Throwable cause) {
    return new StoreException(message, false, cause);
  }

  /** As {@link #lasting(String, Throwable)}, where no other exception says more. */
  public static StoreException lasting(String message) {
    return new StoreException(message, false, null);
  }

  /** Whether another attempt may do better. */
  public boolean isPassing() {
    return passing;
  }
}
